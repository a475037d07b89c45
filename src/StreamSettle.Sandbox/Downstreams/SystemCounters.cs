namespace StreamSettle.Sandbox.Downstreams;

/// <summary>Counters of one system, each incremented atomically.</summary>
internal sealed class SystemCounters
{
    long requests;
    long calls;
    long accepted;
    long repeated;
    long mismatches;
    long rejected;
    long patched;
    long faults;
    long budgetViolations;
    long batchViolations;

    public void Request() => Interlocked.Increment(ref requests);

    public void Call() => Interlocked.Increment(ref calls);

    public void Accept() => Interlocked.Increment(ref accepted);

    public void Repeat() => Interlocked.Increment(ref repeated);

    public void Mismatch() => Interlocked.Increment(ref mismatches);

    public void Reject() => Interlocked.Increment(ref rejected);

    public void Patch() => Interlocked.Increment(ref patched);

    public void Fault() => Interlocked.Increment(ref faults);

    public void BudgetViolation() => Interlocked.Increment(ref budgetViolations);

    public void BatchViolation() => Interlocked.Increment(ref batchViolations);

    public DownstreamStats Read(string system) => new(
        system, Interlocked.Read(ref requests), Interlocked.Read(ref calls), Interlocked.Read(ref accepted), Interlocked.Read(ref repeated), Interlocked.Read(ref mismatches),
        Interlocked.Read(ref rejected), Interlocked.Read(ref patched), Interlocked.Read(ref faults), Interlocked.Read(ref budgetViolations), Interlocked.Read(ref batchViolations));
}
