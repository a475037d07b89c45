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
    public sealed record Invalid(IReadOnlyList<RuleProblem> Problems) : RuleLoad;
}

/// <summary>Why a rule file is not taken.</summary>
/// <param name="File">The file's name; the folder's where it is the folder that is wrong.</param>
/// <param name="Path">JSON path, <c>$.fees[1].when.tier</c>: the key itself where it is unknown or missing, the later one where two collide.</param>
/// <param name="Reason">What is wrong and what would be right.</param>
public sealed record RuleProblem(string File, string Path, string Reason)
{
    public override string ToString() => $"{File}: {Path}: {Reason}";
}
