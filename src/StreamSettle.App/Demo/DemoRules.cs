using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;

namespace StreamSettle.App.Demo;

/// <summary>The default rule set with a delay of seconds.</summary>
static class DemoRules
{
    /// <summary>Writes the demo's rule set into <paramref name="directory"/>.</summary>
    public static void Write(string directory)
    {
        Directory.CreateDirectory(directory);
        var rules = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "rules", "default.json")))!.AsObject();
        rules["version"] = $"{rules["version"]!.GetValue<string>()}-demo";
        rules["delays"] = new JsonArray(new JsonObject { ["when"] = new JsonObject(), ["delay"] = XmlConvert.ToString(DemoOptions.Delay) });
        File.WriteAllText(Path.Combine(directory, "demo.json"), rules.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
    }
}
