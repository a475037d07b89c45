namespace StreamSettle.Benchmarks.Delay;

/// <summary>What the job's application and topics are called: where a log outlives a run, each run has names of its own.</summary>
sealed record DelayNames(string Application, string Changes, string Settlements)
{
    public static DelayNames Default { get; } = new("delay", "changes", "settlements");
}
