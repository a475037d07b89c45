using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Auditing.Histories;

namespace StreamSettle.Sandbox.Auditing.Report;

/// <summary>How long after the mark things happened. An order that became known after its mark counts from then.</summary>
/// <param name="Count">Orders looked at; the rest is zero without any.</param>
public sealed record LatenessSummary(int Count, TimeSpan P50, TimeSpan P99, TimeSpan Max)
{
    /// <summary>From the mark to the first arrival of the verification, done or not.</summary>
    internal static LatenessSummary FirstCalls(AuditContext world) => Of(world.Accepted
        .Where(call => call.Key is { Leg: Leg.Verification, N: 0 })
        .Select(call => world.FirstArrivals[call.Effect.Key] - Since(world, call)));

    /// <summary>From the mark to the last effect of the settlement, of completed orders.</summary>
    internal static LatenessSummary LastEffects(AuditContext world) => Of(world.Accepted
        .Where(call => call.Key.N == 0 && call.Key.Leg != Leg.TaxRefund)
        .GroupBy(call => call.Key.Order)
        .Where(order => world.Histories.GetValueOrDefault(order.Key.ToString())?.Completed is not null)
        .Select(order => order.Max(call => call.Effect.ArrivedAt) - Since(world, order.First())));

    static UtcInstant Since(AuditContext world, AcceptedCall call)
    {
        var known = world.Histories.GetValueOrDefault(call.Key.Order.ToString())?.Scheduled?.RecordedAt ?? call.DueAt;
        return known > call.DueAt ? known : call.DueAt;
    }

    static LatenessSummary Of(IEnumerable<TimeSpan> values)
    {
        var sorted = values.Order().ToArray();
        TimeSpan At(double share) => sorted[(int)Math.Min(sorted.Length - 1, Math.Ceiling(share * sorted.Length) - 1)];
        return sorted.Length == 0 ? new(0, default, default, default) : new(sorted.Length, At(0.5), At(0.99), sorted[^1]);
    }
}
