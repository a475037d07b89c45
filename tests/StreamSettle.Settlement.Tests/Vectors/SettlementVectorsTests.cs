using System.Text.Json.Nodes;
using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Vectors;

namespace StreamSettle.Settlement.Tests.Vectors;

[Trait("Category", "Vectors")]
public class SettlementVectorsTests
{
    [Fact]
    public void Every_worked_case_is_answered_to_the_minor_unit()
    {
        var file = SettlementVectors.Of("vectors.jsonl");
        var cases = File.ReadAllLines(file).Where(line => line.Length > 0).Select(line => JsonNode.Parse(line)!).ToList();
        var output = new StringWriter();

        var run = RuleEvaluation.Evaluate(file, output);

        var answers = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var disagreed = cases.Zip(answers, Difference).OfType<string>().ToList();
        VectorFolder.Report("vectors.jsonl", cases.Count, run, disagreed);
    }

    static string? Difference(JsonNode expected, string line)
    {
        var answer = JsonNode.Parse(line)!;
        var wanted = new JsonObject { ["name"] = expected["name"]!.DeepClone(), ["expected"] = WithInstant(expected["expected"]!.DeepClone()) };
        if (expected["refunds"] is { } refunds)
        {
            wanted["refunds"] = refunds.DeepClone();
        }

        WithInstant(answer["expected"]!);
        return JsonNode.DeepEquals(wanted, answer) ? null : $"expected {wanted.ToJsonString()}\nbut was  {answer.ToJsonString()}";
    }

    // The mark is compared as an instant, however its text is written.
    static JsonNode WithInstant(JsonNode expected)
    {
        if (expected["dueAt"] is { } due)
        {
            expected["dueAt"] = UtcInstant.Parse(due.GetValue<string>()).Microseconds;
        }

        return expected;
    }
}
