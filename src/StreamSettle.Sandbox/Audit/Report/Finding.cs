namespace StreamSettle.Sandbox.Auditing.Report;

/// <summary>One invariant, judged.</summary>
/// <param name="Invariant"><c>I1</c> and so on.</param>
/// <param name="Checked">How many things were looked at.</param>
/// <param name="Examples">The first violations, as text.</param>
/// <param name="Notes">What is worth knowing and breaks nothing.</param>
public sealed record Finding(string Invariant, string Title, int Checked, int Violations, IReadOnlyList<string> Examples, IReadOnlyList<string> Notes)
{
    public Verdict Verdict => Violations > 0 ? Verdict.Broken : Checked == 0 ? Verdict.NotChecked : Verdict.Holds;
}
