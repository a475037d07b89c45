using StreamSettle.Sandbox.Auditing.Report;

namespace StreamSettle.Sandbox.Auditing.Checks;

/// <summary>Collects what one check finds.</summary>
internal sealed class FindingBuilder(int mostExamples)
{
    readonly List<string> examples = [];
    readonly List<string> notes = [];
    int looked;
    int violations;

    public void Checked() => looked++;

    public void Violation(string text)
    {
        violations++;
        if (examples.Count < mostExamples)
        {
            examples.Add(text);
        }
    }

    /// <summary>A violation unless the rule holds.</summary>
    public void Require(bool holds, Func<string> text)
    {
        if (!holds)
        {
            Violation(text());
        }
    }

    public void Note(string text) => notes.Add(text);

    public Finding Build(string invariant, string title) => new(invariant, title, looked, violations, examples, notes);
}
