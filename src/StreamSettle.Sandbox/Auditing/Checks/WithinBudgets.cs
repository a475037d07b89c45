using StreamSettle.Sandbox.Auditing.Histories;

namespace StreamSettle.Sandbox.Auditing.Checks;

/// <summary>I11, as the systems counted it over a sliding window.</summary>
internal sealed class WithinBudgets : IAuditCheck
{
    public string Invariant => "I11";

    public string Title => "no sliding window holds more requests than its budget, batches keep the contract";

    public void Run(AuditContext world, FindingBuilder findings)
    {
        foreach (var stats in world.World.Stats)
        {
            findings.Checked();
            findings.Require(stats.BudgetViolations == 0, () => $"{stats.System}: {stats.BudgetViolations} of {stats.Requests} requests were beyond the budget");
            findings.Require(stats.BatchViolations == 0, () => $"{stats.System}: {stats.BatchViolations} batches held too many calls, one key twice, or too many calls of one merchant");
        }
    }
}
