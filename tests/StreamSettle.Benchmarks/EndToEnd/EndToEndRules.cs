using System.Text.Json.Nodes;
using System.Xml;

namespace StreamSettle.Benchmarks.EndToEnd;

/// <summary>The default rule set with another delay.</summary>
static class EndToEndRules
{
    public static void Write(string directory, TimeSpan delay)
    {
        Directory.CreateDirectory(directory);
        var rules = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "rules", "default.json")))!.AsObject();
        rules["delays"] = new JsonArray(new JsonObject { ["when"] = new JsonObject(), ["delay"] = XmlConvert.ToString(delay) });
        File.WriteAllText(Path.Combine(directory, "rules.json"), rules.ToJsonString());
    }
}
