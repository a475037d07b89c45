namespace StreamSettle.Sandbox.Auditing;

/// <summary>What the auditor tolerates.</summary>
public sealed record AuditOptions
{
    /// <summary>How long after its mark (or its last change) an order may be under way before it counts as lost. Default 30 s.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How much earlier one call must have been ready than another before their order counts, where the readiness of the two was seen by different parts of the program (I5). Default 1 s.
    /// Where one part saw both, nothing is tolerated.
    /// </summary>
    public TimeSpan OrderSlack { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The program lost its state and made it anew: what a system had answered just before may be in the log as a fact of later, so an effect that came before the log says that its call was ready
    /// was ready when it came (I5). What it had sent by a row that was edited since, and had not told the log, a person takes as the system has it: told as a note (I1). Default false.
    /// </summary>
    public bool HasLostState { get; init; }

    /// <summary>Systems that need no order, by option (I5).</summary>
    public IReadOnlyList<Kernel.Calls.Leg> Unordered { get; init; } = [];

    /// <summary>The 99th percentile of lateness must stay below this (I6); null, the default: it is told but not judged.</summary>
    public TimeSpan? LatenessP99 { get; init; }

    /// <summary>The program's <c>Source:Silence</c>: what a row says since longer than this before its mark counts at the mark (I1, I2). Default 10 s.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Orders completed before this are not ours (<c>Source:CompletedSince</c>). Null, the default: all are.</summary>
    public Kernel.Time.UtcInstant? CompletedSince { get; init; }

    /// <summary>How many violations of an invariant are told as text. Default 5.</summary>
    public int Examples { get; init; } = 5;

    /// <summary>One message for each rule that is broken; empty when all hold.</summary>
    public IEnumerable<string> Problems(string section)
    {
        if (Grace < TimeSpan.Zero)
        {
            yield return $"{section}:Grace must not be negative, but is {Grace}.";
        }

        if (OrderSlack < TimeSpan.Zero)
        {
            yield return $"{section}:OrderSlack must not be negative, but is {OrderSlack}.";
        }

        if (Silence <= TimeSpan.Zero)
        {
            yield return $"{section}:Silence must be positive, but is {Silence}.";
        }

        if (Examples < 1)
        {
            yield return $"{section}:Examples must be at least 1, but is {Examples}.";
        }
    }
}
