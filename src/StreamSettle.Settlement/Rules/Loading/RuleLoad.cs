namespace StreamSettle.Settlement.Rules.Loading;

/// <summary>What came of loading rule sets.</summary>
public abstract record RuleLoad
{
    RuleLoad()
    {
    }

    /// <summary>All files are good.</summary>
    public sealed record Loaded(RuleBook Book) : RuleLoad;

    /// <summary>Nothing is loaded: every problem of every file, by file name.</summary>
    public sealed record Refused(IReadOnlyList<RuleProblem> Problems) : RuleLoad;
}
