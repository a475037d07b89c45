namespace StreamSettle.Settlement.Rules.Terms;

/// <summary>Terms of a rule of <c>delays</c>: from completion to the mark.</summary>
internal sealed record DelayTerms(TimeSpan Delay)
{
    /// <summary>Where no rule says otherwise, and where no rule set is in force.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromHours(24);
}
