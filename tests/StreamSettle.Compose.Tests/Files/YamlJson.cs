using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace StreamSettle.Compose.Tests.Files;

/// <summary>A YAML document as JSON, by YAML 1.2's core schema, anchors and merge keys resolved: what a program that reads it sees.</summary>
static class YamlJson
{
    public static JsonObject Read(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return (JsonObject)Of(stream.Documents.Single().RootNode)!;
    }

    static JsonNode? Of(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(Merged(mapping).Select(pair => KeyValuePair.Create(pair.Key, Of(pair.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(Of)]),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => OfPlain(plain.Value ?? ""),
        YamlScalarNode quoted => JsonValue.Create(quoted.Value),
        _ => throw new InvalidOperationException($"{node.NodeType} at {node.Start}"),
    };

    /// <summary>What stands in a mapping itself goes before what it merges in.</summary>
    static Dictionary<string, YamlNode> Merged(YamlMappingNode mapping)
    {
        Dictionary<string, YamlNode> merged = [];
        foreach (var (key, value) in mapping.Children.Where(pair => IsMerge(pair.Key)).SelectMany(pair => Merged((YamlMappingNode)pair.Value)))
        {
            merged[key] = value;
        }

        foreach (var (key, value) in mapping.Children.Where(pair => !IsMerge(pair.Key)))
        {
            merged[((YamlScalarNode)key).Value!] = value;
        }

        return merged;
    }

    static bool IsMerge(YamlNode key) => key is YamlScalarNode { Value: "<<", Style: ScalarStyle.Plain };

    static JsonNode? OfPlain(string text) => text switch
    {
        "" or "~" or "null" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        _ => JsonValue.Create(text),
    };
}
