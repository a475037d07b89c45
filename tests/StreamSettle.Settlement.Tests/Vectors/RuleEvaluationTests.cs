using StreamSettle.Kernel.Failures;
using StreamSettle.Settlement.Vectors;

namespace StreamSettle.Settlement.Tests.Vectors;

public sealed class RuleEvaluationTests : IDisposable
{
    const string Case = """
        {"name": "a & b", "rules": "r", "order": {"merchant_id": 437, "buyer_country": "DE", "currency": "EUR", "gross_amount": "1.00",
        "shipping_amount": "0", "refunded_amount": "0", "completed_at": "2026-03-01T12:00:00Z"}, "merchant": null}
        """;

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("evaluation");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void A_case_is_answered_on_a_line_and_what_it_leaves_out_is_null()
    {
        WriteRules(RuleBooks.Set(""));

        var (count, output) = Evaluate(Case.ReplaceLineEndings(" ") + "\n\n");

        Assert.Equal(1, count);
        Assert.Equal(
            """{"name":"a & b","expected":{"ruleVersion":"1","dueAt":"2026-03-02T12:00:00Z","priority":false,"net":100,"lines":[{"party":"merchant:437","amount":100}],"exportRefund":0}}""" + "\n",
            output);
    }

    [Fact]
    public void A_line_that_is_no_case_is_named()
    {
        WriteRules(RuleBooks.Set(""));

        Assert.Contains("line 2", Assert.Throws<UserMistakeException>(() => Evaluate("\n{}\n")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rule_sets_that_are_refused_say_why()
    {
        WriteRules("{}");

        var mistake = Assert.Throws<UserMistakeException>(() => Evaluate(Case.ReplaceLineEndings(" ")));

        Assert.Contains("1.json: $.version: is missing", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_the_users_mistake() =>
        Assert.Throws<UserMistakeException>(() => RuleEvaluation.Evaluate(Path.Combine(folder.FullName, "none.jsonl"), TextWriter.Null));

    void WriteRules(string set)
    {
        var rules = folder.CreateSubdirectory("rules").CreateSubdirectory("r");
        File.WriteAllText(Path.Combine(rules.FullName, "1.json"), set);
    }

    (int Count, string Output) Evaluate(string cases)
    {
        var file = Path.Combine(folder.FullName, "cases.jsonl");
        File.WriteAllText(file, cases);
        var output = new StringWriter();
        return (RuleEvaluation.Evaluate(file, output), output.ToString());
    }
}
