using StreamSettle.Sandbox.Auditing.Histories;
using System.Globalization;
using System.Text;

namespace StreamSettle.Sandbox.Auditing.Report;

/// <summary>What the auditor found.</summary>
/// <param name="Findings">One an invariant.</param>
/// <param name="Money">By kind of party and currency.</param>
/// <param name="Outcomes">Orders of the log by where they stand.</param>
/// <param name="DeadLetters">What waits for a person, by reason.</param>
/// <param name="FirstCalls">From the mark to the first call.</param>
/// <param name="LastEffects">From the mark to the last effect.</param>
public sealed record AuditReport(
    IReadOnlyList<Finding> Findings, IReadOnlyList<MoneyTotal> Money, IReadOnlyDictionary<OrderOutcome, int> Outcomes, IReadOnlyDictionary<string, int> DeadLetters,
    LatenessSummary FirstCalls, LatenessSummary LastEffects)
{
    /// <summary>No invariant is broken.</summary>
    public bool IsSound => Findings.All(finding => finding.Verdict != Verdict.Broken);

    /// <summary>For people: a line an invariant, examples below it, then the sums.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var finding in Findings)
        {
            var verdict = finding.Verdict switch { Verdict.Holds => "holds", Verdict.Broken => "BROKEN", _ => "not checked" };
            Line(text, $"{finding.Invariant,-4}{verdict,-12}{finding.Title} ({finding.Checked} checked{(finding.Violations > 0 ? $", {finding.Violations} violations" : "")})");
            foreach (var example in finding.Examples)
            {
                Line(text, $"      - {example}");
            }

            foreach (var note in finding.Notes)
            {
                Line(text, $"      note: {note}");
            }
        }

        Line(text, $"orders: {string.Join(", ", Outcomes.OrderBy(outcome => outcome.Key).Select(outcome => $"{outcome.Key.ToString().ToLowerInvariant()} {outcome.Value}"))}");
        if (DeadLetters.Count > 0)
        {
            Line(text, $"dead letters: {string.Join(", ", DeadLetters.OrderByDescending(reason => reason.Value).Select(reason => $"{reason.Key} {reason.Value}"))}");
        }

        Lateness(text, "mark to first call", FirstCalls);
        Lateness(text, "mark to last effect", LastEffects);
        foreach (var total in Money)
        {
            Line(text, $"{total.Kind,-10}{total.Currency}  settled {total.Settled,18}  reversed {total.Reversed,16}  (minor units)");
        }

        return text.ToString();
    }

    static void Lateness(StringBuilder text, string what, LatenessSummary lateness)
    {
        if (lateness.Count > 0)
        {
            Line(text, $"{what}: p50 {lateness.P50.TotalMilliseconds:F0} ms, p99 {lateness.P99.TotalMilliseconds:F0} ms, max {lateness.Max.TotalMilliseconds:F0} ms over {lateness.Count} orders");
        }
    }

    static void Line(StringBuilder text, FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}

/// <summary>One invariant, judged.</summary>
/// <param name="Invariant"><c>I1</c> and so on.</param>
/// <param name="Checked">How many things were looked at.</param>
/// <param name="Examples">The first violations, as text.</param>
/// <param name="Notes">What is worth knowing and breaks nothing.</param>
public sealed record Finding(string Invariant, string Title, int Checked, int Violations, IReadOnlyList<string> Examples, IReadOnlyList<string> Notes)
{
    public Verdict Verdict => Violations > 0 ? Verdict.Broken : Checked == 0 ? Verdict.NotChecked : Verdict.Holds;
}

/// <summary>What the auditor says about an invariant.</summary>
public enum Verdict
{
    Holds,
    Broken,

    /// <summary>There was nothing to look at.</summary>
    NotChecked,
}

/// <summary>What all parties of a kind got in a currency, by the systems' effects, in minor units.</summary>
/// <param name="Kind">tax, carrier, platform, promoter or merchant.</param>
public sealed record MoneyTotal(string Kind, string Currency, Int128 Settled, Int128 Reversed);
