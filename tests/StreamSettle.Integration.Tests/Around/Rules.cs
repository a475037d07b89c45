using System.Text.Json.Nodes;
using System.Xml;

namespace StreamSettle.Integration.Tests.Around;

/// <summary>The default rule set with a delay that a test can wait for.</summary>
static class Rules
{
    public static void Write(string directory, TimeSpan delay)
    {
        Directory.CreateDirectory(directory);
        var rules = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "rules", "default.json")))!.AsObject();
        rules["delays"] = new JsonArray(new JsonObject { ["when"] = new JsonObject(), ["delay"] = XmlConvert.ToString(delay) });
        File.WriteAllText(Path.Combine(directory, "rules.json"), rules.ToJsonString());
    }
}
