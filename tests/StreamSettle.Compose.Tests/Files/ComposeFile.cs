using System.Text.Json.Nodes;
using StreamSettle.Integration.Tests.Around;

namespace StreamSettle.Compose.Tests.Files;

/// <summary>docker-compose.yml with its variables replaced.</summary>
sealed class ComposeFile
{
    const string Name = "docker-compose.yml";

    ComposeFile(JsonObject root) => Root = root;

    public static string Text { get; } = File.ReadAllText(Path.Combine(Repository.Root, Name));

    public JsonObject Root { get; }

    public IEnumerable<KeyValuePair<string, JsonObject>> Services => Root["services"]!.AsObject().Select(service => KeyValuePair.Create(service.Key, service.Value!.AsObject()));

    /// <summary>With what <c>.env.example</c> says, and a made-up value for what it leaves open.</summary>
    public static ComposeFile Read() => Read(EnvExample.Variables.ToDictionary(pair => pair.Key, pair => pair.Value.Length > 0 ? pair.Value : MadeUp(pair.Key)));

    public static ComposeFile Read(IReadOnlyDictionary<string, string> variables) => new((JsonObject)Replace(YamlJson.Read(Text), variables)!);

    public JsonObject Service(string name) => Root["services"]![name]!.AsObject();

    /// <summary>In the file's order.</summary>
    public IReadOnlyDictionary<string, string> Environment(string service) =>
        Service(service)["environment"]?.AsObject().ToDictionary(pair => pair.Key, pair => pair.Value!.ToString()) ?? [];

    /// <summary>A list of texts; empty where there is none.</summary>
    public IReadOnlyList<string> List(string service, string key) => Service(service)[key]?.AsArray().Select(item => item!.ToString()).ToArray() ?? [];

    static string MadeUp(string variable) => variable.EndsWith("_HASH", StringComparison.Ordinal)
        ? Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(variable)))
        : $"http://{variable.ToLowerInvariant().Replace('_', '-')}.example";

    static JsonNode? Replace(JsonNode? node, IReadOnlyDictionary<string, string> variables) => node switch
    {
        JsonObject mapping => new JsonObject(mapping.Select(pair => KeyValuePair.Create(pair.Key, Replace(pair.Value, variables)))),
        JsonArray list => new JsonArray([.. list.Select(item => Replace(item, variables))]),
        JsonValue value when value.TryGetValue<string>(out var text) => JsonValue.Create(Interpolation.Replace(text, variables)),
        _ => node?.DeepClone(),
    };
}
