namespace StreamSettle.Sandbox.Downstreams;

/// <summary>What a system counted since its start.</summary>
/// <param name="System">Its name in configuration.</param>
/// <param name="Requests">Every kind of request, a batch as one.</param>
/// <param name="Calls">POSTs of a key that were read, alone or in a batch.</param>
/// <param name="Faults">Requests and items that met a fault on purpose.</param>
/// <param name="BudgetViolations">Requests beyond the budget of a sliding window (I11).</param>
/// <param name="BatchViolations">Batches that broke the contract: more than 1,000 items, one key twice, or more than two calls (one a lane) of a merchant.</param>
public sealed record DownstreamStats(
    string System, long Requests, long Calls, long Accepted, long Repeated, long Mismatches, long Rejected, long Patched, long Faults, long BudgetViolations, long BatchViolations);
