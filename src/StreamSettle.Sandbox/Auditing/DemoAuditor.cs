using Npgsql;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Auditing.Report;
using StreamSettle.Sandbox.Auditing.Rules;
using StreamSettle.Sandbox.Auditing.World;
using StreamSettle.Sandbox.Downstreams;
using StreamSettle.Sandbox.Downstreams.Effects;

namespace StreamSettle.Sandbox.Auditing;

/// <summary>Reads the three witnesses (shop, systems, log) and judges them.</summary>
public static class DemoAuditor
{
    /// <param name="effects">From <see cref="SandboxDownstreams.Effects"/>, or of a file by <see cref="EffectLog.ReadFile"/>.</param>
    /// <param name="stats">The systems' counts, for I11; empty: not checked.</param>
    /// <exception cref="UserMistakeException">Options out of range, no event log, no rules where they were said to be.</exception>
    /// <exception cref="CorruptStateException">The log holds an event that is not what the contract says.</exception>
    public static async Task<AuditReport> RunAsync(
        DemoAuditorOptions options, IReadOnlyList<EffectEntry> effects, IReadOnlyList<DownstreamStats> stats, TimeProvider time, CancellationToken cancellation = default)
    {
        if (options.Tolerance.Problems("Audit").ToArray() is { Length: > 0 } problems)
        {
            throw new UserMistakeException(string.Join(Environment.NewLine, problems));
        }

        // The age of things is taken before reading: what happens meanwhile is young.
        var now = UtcInstant.Now(time);
        await using var source = NpgsqlDataSource.Create(options.SourceConnectionString);
        await using var audit = NpgsqlDataSource.Create(options.AuditConnectionString ?? options.SourceConnectionString);
        var world = new AuditWorld
        {
            Now = now,
            Effects = effects,
            Stats = stats,
            Delays = options.RulesDirectory is { } rules ? DelayRules.Load(rules) : DelayRules.None,
            Orders = await AuditWorldLoader.OrdersAsync(source, cancellation),
            Merchants = await AuditWorldLoader.MerchantsAsync(source, cancellation),
            Streams = await AuditWorldLoader.StreamsAsync(audit, options.AuditSchema, cancellation),
        };
        return Auditor.Judge(world, options.Tolerance);
    }
}
