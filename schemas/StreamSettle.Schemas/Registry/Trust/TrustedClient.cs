using System.Globalization;
using System.Reflection;
using Confluent.SchemaRegistry;
using Names = Confluent.SchemaRegistry.SchemaRegistryConfig.PropertyNames;

namespace StreamSettle.Schemas.Registry.Trust;

/// <summary>
/// Confluent's client over connections that we check ourselves. With an authority of its own it takes any certificate in whose chain that is found, whatever the host and however old, and finds
/// none where the server does not send the authority itself. It has no seam for another handler, so its clients of HTTP are exchanged before the first request.
/// </summary>
internal static class TrustedClient
{
    const BindingFlags Private = BindingFlags.Instance | BindingFlags.NonPublic;

    static readonly HashSet<string> Ours = [Names.SslCaLocation, Names.SslKeystoreLocation, Names.SslKeystorePassword];

    /// <exception cref="ArgumentException">The client refuses a setting.</exception>
    public static CachedSchemaRegistryClient Open(IReadOnlyDictionary<string, string> settings, RegistryTrust trust)
    {
        var client = new CachedSchemaRegistryClient(settings.Where(setting => !Ours.Contains(setting.Key)));
        var clients = Clients(client);
        for (var at = 0; at < clients.Count; at++)
        {
            if (clients[at] is { BaseAddress: { } address } theirs && address.Scheme == Uri.UriSchemeHttps)
            {
                clients[at] = new(Handler(settings, trust, theirs.Timeout)) { BaseAddress = address, Timeout = theirs.Timeout };
                theirs.Dispose();
            }
        }

        return client;
    }

    static SocketsHttpHandler Handler(IReadOnlyDictionary<string, string> settings, RegistryTrust trust, TimeSpan timeout) => new()
    {
        MaxConnectionsPerServer = settings.TryGetValue(Names.SchemaRegistryMaxConnectionsPerServer, out var most)
            ? int.Parse(most, CultureInfo.InvariantCulture)
            : CachedSchemaRegistryClient.DefaultMaxConnectionsPerServer,
        ConnectTimeout = timeout,
        SslOptions = trust.Options(),
    };

    static List<HttpClient> Clients(CachedSchemaRegistryClient client) =>
        Field(client, "restService") is { } rest && Field(rest, "clients") is List<HttpClient> clients
            ? clients
            : throw new InvalidOperationException("Confluent.SchemaRegistry keeps its clients of HTTP elsewhere in this version: look at its RestService and mend TrustedClient");

    static object? Field(object of, string name) => of.GetType().GetField(name, Private)?.GetValue(of);
}
