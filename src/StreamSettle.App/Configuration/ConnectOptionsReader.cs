using StreamSettle.Connectors.Connect;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Kernel.Addresses;

namespace StreamSettle.App.Configuration;

/// <summary>Reads where Kafka Connect is, and what its connector is to be: section <c>Connect</c> and <c>Source:Format</c>.</summary>
static class ConnectOptionsReader
{
    /// <summary>The key of <see cref="Outbox"/>.</summary>
    public const string OutboxKey = "Source:Outbox";

    const string DefaultDirectory = "connectors";

    /// <param name="needed">False reads only what is there: nothing of it is needed where changes are captured inside the service.</param>
    /// <returns>Null where <c>Connect:Url</c> is missing, which is a problem where it is needed.</returns>
    public static ConnectOptions? Read(ConfigurationReader reader, bool needed)
    {
        const string key = "Connect:Url", meaning = "the address of Kafka Connect's REST interface, such as http://connect:8083";
        var format = Format(reader);
        var directory = Directory(reader);

        // Only a connector's file reads them.
        reader.Text("Connect:RegistryUrl");
        reader.Text(ConnectorValues.PasswordKey);
        var accepted = reader.Text("Source:Accepted");
        var connector = reader.Text("Connect:Connector") ?? (Outbox(reader) ? ConnectOptions.OutboxName : null);
        var text = needed ? reader.Required(key, meaning) : reader.Text(key);
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            reader.Add($"{key} must be {meaning}, without query and fragment, but is '{ShownUrl.Of(text)}'.");
            return null;
        }

        return new() { Url = url, Directory = directory, Format = format, Accepted = accepted, Connector = connector ?? ConnectOptions.NameFor(format) };
    }

    /// <summary>Whether the shop tells its orders by an outbox.</summary>
    public static bool Outbox(ConfigurationReader reader) => reader.Flag(OutboxKey, fallback: false);

    /// <summary>What the keys in a connector's file stand for.</summary>
    public static ConnectorValues Values(EmbeddedCdcOptions source, IConfiguration configuration) =>
        new(source, key => string.IsNullOrWhiteSpace(configuration[key]) ? null : configuration[key]);

    static SourceFormat Format(ConfigurationReader reader) =>
        Enum.Parse<SourceFormat>(reader.OneOf("Source:Format", nameof(SourceFormat.Json), Enum.GetNames<SourceFormat>()));

    /// <summary>Those of the working directory, as in the repository; else those that came with the program.</summary>
    static string Directory(ConfigurationReader reader)
    {
        const string key = "Connect:Directory";
        if (reader.Text(key) is not { } given)
        {
            return System.IO.Directory.Exists(DefaultDirectory) && System.IO.Directory.EnumerateFiles(DefaultDirectory, "*.json").Any()
                ? DefaultDirectory
                : Path.Combine(AppContext.BaseDirectory, DefaultDirectory);
        }

        if (!System.IO.Directory.Exists(given))
        {
            reader.Add($"{key} must name a directory that exists, but there is none at '{given}'.");
        }

        return given;
    }
}
