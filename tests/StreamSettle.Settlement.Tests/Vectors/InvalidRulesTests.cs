using System.Text.Json.Nodes;
using StreamSettle.Settlement.Rules.Loading;

namespace StreamSettle.Settlement.Tests.Vectors;

[Trait("Category", "Vectors")]
public class InvalidRulesTests
{
    [Fact]
    public void Every_bad_rule_set_is_refused_with_file_path_and_reason()
    {
        var entries = JsonNode.Parse(File.ReadAllText(SettlementVectors.Of("invalid-rules/expected.json")))!.AsArray();
        var folder = SettlementVectors.Of("invalid-rules");

        var differences = entries.Select(entry => Difference(entry!, folder)).ToList();

        VectorFolder.Report("invalid-rules/expected.json", entries.Count, differences.Count, [.. differences.OfType<string>()]);
    }

    static string? Difference(JsonNode entry, string folder)
    {
        var files = entry["load"]!.AsArray().Select(name => name!.GetValue<string>()).Select(name => new RuleFile(name, File.ReadAllBytes(Path.Combine(folder, name))));
        var (file, path) = (entry["file"]!.GetValue<string>(), entry["path"]!.GetValue<string>());
        return RuleBookLoader.Parse(files) switch
        {
            RuleLoad.Invalid([var only]) when only.File == file && only.Path == path && only.Reason.Length > 0 => null,
            RuleLoad.Invalid invalid => $"expected {file}: {path}, but was {string.Join("; ", invalid.Problems)}",
            _ => $"expected {file}: {path}, but it was loaded",
        };
    }
}
