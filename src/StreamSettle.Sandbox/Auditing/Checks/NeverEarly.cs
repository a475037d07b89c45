using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Auditing.Histories;
using StreamSettle.Sandbox.Auditing.Report;
using StreamSettle.Sandbox.Auditing.World;

namespace StreamSettle.Sandbox.Auditing.Checks;

/// <summary>I6: against the mark that the call names, and against the one that the auditor computes from row and rules.</summary>
internal sealed class NeverEarly : IAuditCheck
{
    public string Invariant => "I6";

    public string Title => "no call before its mark, and the mark is the right one";

    public void Run(AuditContext world, FindingBuilder findings)
    {
        foreach (var call in world.Accepted.Where(call => call.Key.Leg != Leg.TaxRefund))
        {
            findings.Checked();
            var arrived = world.FirstArrivals[call.Effect.Key];
            findings.Require(arrived >= call.DueAt, () => $"{call.Key} arrived at {arrived}, before its mark {call.DueAt}");
            if (call.Key is { N: 0, Leg: Leg.Split } && world.Histories.GetValueOrDefault(call.Key.Order.ToString()) is { } history)
            {
                findings.Require(history.Payout is null && !(arrived < history.PaidOut?.RecordedAt), () => $"{call.Key} arrived at {arrived}, but its payout {(history.PaidOut?.RecordedAt is { } at ? $"was let go at {at}" : "waits")}");
            }

            if (call.Key.N == 0)
            {
                Mark(world, call, arrived, findings);
            }
        }

        foreach (var stream in world.World.Streams)
        {
            foreach (var due in stream.Events.Where(happened => happened.Type == EventTypes.Due && happened.RecordedAt < happened.DueAt))
            {
                findings.Violation($"order {stream.Id} was called due at {due.RecordedAt}, before its mark {due.DueAt}");
            }
        }

        var lateness = LatenessSummary.FirstCalls(world);
        if (world.Options.LatenessP99 is { } limit)
        {
            findings.Require(lateness.P99 <= limit, () => $"the 99th percentile of lateness is {lateness.P99}, allowed is {limit}");
        }
    }

    /// <summary>Only where the row is what it was at the calculation; an edit after it moves nothing, and hides what was there.</summary>
    static void Mark(AuditContext world, AcceptedCall call, UtcInstant arrived, FindingBuilder findings)
    {
        var calculatedAt = world.Histories.GetValueOrDefault(call.Key.Order.ToString())?.Calculated?.RecordedAt;
        if (!world.Orders.TryGetValue(call.Key.Order.ToString(), out var order) || !(order.UpdatedAt < calculatedAt))
        {
            return;
        }

        var mark = world.DueAt(order, call.MerchantId);
        findings.Require(order.CompletedAt == call.CompletedAt, () => $"{call.Key} says completed at {call.CompletedAt}, the row says {order.CompletedAt}");
        findings.Require(mark == call.DueAt, () => $"{call.Key} says due at {call.DueAt}, row and rules say {mark}");
        findings.Require(!(arrived < mark), () => $"{call.Key} arrived at {arrived}, before the mark {mark} that row and rules say");
    }
}
