using StreamSettle.Kernel.Failures;
using StreamSettle.Sandbox.Auditing;
using StreamSettle.Sandbox.Downstreams;
using StreamSettle.Sandbox.Postgres;

namespace StreamSettle.Benchmarks.EndToEnd;

/// <summary>No figure of a run whose result is wrong.</summary>
static class Judgement
{
    /// <exception cref="BrokenInvariantException">An invariant is broken; the message is the auditor's report.</exception>
    public static async Task RequireSoundAsync(PrivatePostgres postgres, string rules, SandboxDownstreams systems)
    {
        var report = await DemoAuditor.RunAsync(
            new() { SourceConnectionString = postgres.ConnectionString, RulesDirectory = rules, Tolerance = new() { Grace = TimeSpan.Zero } },
            systems.Effects.Snapshot(), systems.Stats(), TimeProvider.System);
        if (!report.IsSound)
        {
            throw new BrokenInvariantException(report.ToText());
        }
    }
}
