using StreamSettle.Schemas.Registry;
using StreamSettle.Schemas.Registry.Subjects;

namespace StreamSettle.App.Configuration;

/// <summary>The section <c>SchemaRegistry</c>: settings of Confluent's client, with <c>schema.registry.</c> before their names or without.</summary>
static class RegistryOptionsReader
{
    public const string Section = "SchemaRegistry";

    const string StrategyKey = Section + ":SubjectNameStrategy";
    const string UrlKey = Section + ":Url";
    const string UrlName = RegistryOptions.Prefix + "url";

    static readonly string[] Secrets = ["basic.auth.user.info", "bearer.auth.token", "bearer.auth.client.secret", "ssl.keystore.password"];

    static readonly ClientKeys Keys = new(Section, "request.timeout.ms", [.. Secrets, .. Secrets.Select(name => RegistryOptions.Prefix + name)]);

    /// <summary>Read whatever the format of the source is, so that every key is known.</summary>
    /// <param name="isUsed">Where there is one it is asked.</param>
    /// <param name="isNeeded">There must be one.</param>
    /// <returns>Null where it is not used, or not there.</returns>
    public static RegistryOptions? Read(ConfigurationReader reader, bool isUsed, bool isNeeded)
    {
        var url = isNeeded ? reader.Required(UrlKey, "the address of the schema registry, such as http://registry:8081") : reader.Text(UrlKey);
        Strategy(reader);
        var client = Keys.Read(reader).ToDictionary(pair => pair.Key.StartsWith(RegistryOptions.Prefix, StringComparison.Ordinal) ? pair.Key : RegistryOptions.Prefix + pair.Key, pair => pair.Value, StringComparer.Ordinal);
        if (!isUsed || string.IsNullOrEmpty(url))
        {
            return null;
        }

        client[UrlName] = url;
        var options = new RegistryOptions { Client = client };
        reader.Add(options.Problems(Section));
        return options;
    }

    /// <summary>How the subjects of our schemas are named; the commands on schemas alone go by it.</summary>
    public static SubjectStrategy Strategy(ConfigurationReader reader) =>
        Enum.Parse<SubjectStrategy>(reader.OneOf(StrategyKey, nameof(SubjectStrategy.RecordName), Enum.GetNames<SubjectStrategy>()));
}
