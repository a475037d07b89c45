using Npgsql;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Connectors.Connect;

/// <summary>
/// What the keys in a connector's file stand for: the parts of <c>Source:ConnectionString</c> (<c>Source:Host</c>, <c>:Port</c>, <c>:Database</c>, <c>:Username</c>,
/// <c>:Password</c>, <c>:SslMode</c>), what the service reads by (<c>Source:Topic</c>, <c>:SlotName</c>, <c>:PublicationName</c>, <c>:UnavailableValue</c>, <c>Partitions</c>) with its defaults, and
/// any other key as it is configured.
/// </summary>
/// <param name="configured">A configuration key's value; null where it is not set.</param>
public sealed class ConnectorValues(EmbeddedCdcOptions source, Func<string, string?> configured)
{
    NpgsqlConnectionStringBuilder Connection => new(source.ConnectionString);

    /// <summary>What Connect is given in place of the password: where its worker finds it itself, so that it stands in no topic of Connect's.</summary>
    public const string PasswordKey = "Connect:SourcePassword";

    /// <exception cref="UserMistakeException">Kafka Connect cannot do with the value what we do.</exception>
    public string? Of(string key) => key.ToUpperInvariant() switch
    {
        "SOURCE:HOST" => Host(),
        "SOURCE:PORT" => Text(Connection.Port),
        "SOURCE:DATABASE" => Database,
        "SOURCE:USERNAME" => string.IsNullOrEmpty(Connection.Username)
            ? throw new UserMistakeException("Source:ConnectionString has no Username: without one Kafka Connect would log in as the user of its own process. Give the role.")
            : Connection.Username,
        "SOURCE:PASSWORD" => configured(PasswordKey) ?? Password(),
        "SOURCE:SSLMODE" => SslMode(),
        "SOURCE:TOPIC" => source.TopicPrefix,
        "SOURCE:SLOTNAME" => source.SlotFor(Database),
        "SOURCE:PUBLICATIONNAME" => source.PublicationName,
        "SOURCE:UNAVAILABLEVALUE" => source.UnavailableValue,
        "PARTITIONS" => Text(source.Partitions),

        // The broker's own.
        "KAFKA:REPLICATIONFACTOR" => configured(key) ?? "-1",
        _ => configured(key),
    };

    string Database => Connection.Database is { Length: > 0 } database ? database : Connection.Username ?? "";

    static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    string Host() => Connection.Host is { Length: > 0 } host && host[0] is not ('/' or '@')
        ? host
        : throw new UserMistakeException("Source:ConnectionString names a Unix socket, by which Kafka Connect does not reach the shop: give the server's host name.");

    string Password() => Connection.Password is { Length: > 0 } password ? password : Connection.Passfile is null ? "" : throw new UserMistakeException(
        "Source:ConnectionString has a Passfile, which Kafka Connect does not read: name a file with the password alone in Source:PasswordFile, or say in "
        + $"{PasswordKey} where Connect finds it itself, as ${{file:...}} or ${{directory:...}}.");

    /// <summary>In the words of the JDBC driver, which are libpq's.</summary>
    string SslMode() => Connection.SslMode switch
    {
        Npgsql.SslMode.VerifyCA => "verify-ca",
        Npgsql.SslMode.VerifyFull => "verify-full",
        var mode => mode.ToString().ToLowerInvariant(),
    };
}
