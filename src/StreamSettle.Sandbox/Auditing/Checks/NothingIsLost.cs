using StreamSettle.Sandbox.Auditing.Histories;
using StreamSettle.Sandbox.Auditing.World;

namespace StreamSettle.Sandbox.Auditing.Checks;

/// <summary>I2, from the source's side: what it says must be settled has an end in the log, and a good reason where that end is not money.</summary>
internal sealed class NothingIsLost : IAuditCheck
{
    public string Invariant => "I2";

    public string Title => "every order past its mark is settled, cancelled, held or dead-lettered";

    public void Run(AuditContext world, FindingBuilder findings)
    {
        var inFlux = 0;
        foreach (var order in world.World.Orders.Where(order => order.IsCompleted && !(order.CompletedAt < world.Options.CompletedSince)))
        {
            var due = world.DueAt(order, order.MerchantId) ?? order.UpdatedAt;
            if (!world.IsOld(due) || !world.IsOld(order.UpdatedAt))
            {
                inFlux++;
                continue;
            }

            findings.Checked();
            Judge(world, order, findings);
        }

        foreach (var order in world.World.Orders.Where(order => !order.IsCompleted && world.IsOld(order.UpdatedAt)))
        {
            TakenBack(world, order, findings);
        }

        foreach (var history in world.Histories.Values)
        {
            Stuck(world, history, findings);
        }

        if (inFlux > 0)
        {
            findings.Note($"{inFlux} completed orders are not due for judgement yet");
        }
    }

    static void Judge(AuditContext world, SourceOrder order, FindingBuilder findings)
    {
        if (!world.Histories.TryGetValue(order.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), out var history))
        {
            findings.Violation($"order {order.Id} is completed and past its mark, but the log does not know it");
            return;
        }

        switch (history.Outcome)
        {
            case OrderOutcome.Cancelled:
                findings.Require(order.Minor(order.Gross) == order.Minor(order.Refunded), () => $"order {order.Id} is cancelled, but completed and not wholly refunded");
                break;
            case OrderOutcome.DeadLettered when history.DeadLetterOf("calculation", 0) is { } refused:
                var reasons = order.Refusals(world.Tiers.ContainsKey(order.MerchantId));
                findings.Require(
                    refused.Reason is "no_rules" or "too_old" or "changed_key" || reasons.Contains(refused.Reason),
                    () => $"order {order.Id} is refused as {refused.Reason}, but its row {(reasons.Count == 0 ? "can be settled" : $"is {string.Join(", ", reasons)}")}");
                break;
            case OrderOutcome.Completed when history.Calculated is { } calculated:
                // An edit after the calculation moves nothing, and says nothing about what was there before it.
                findings.Require(
                    order.UpdatedAt >= calculated.RecordedAt || order.AmountRefusals().Count == 0,
                    () => $"order {order.Id} is settled, but its row had to be refused as {order.AmountRefusals()[0]}");
                Refund(order, history, calculated, findings);
                break;
            default:
                break;
        }
    }

    /// <summary>What was taken back in time must not be paid; what was taken back after it keeps its refunds.</summary>
    static void TakenBack(AuditContext world, SourceOrder order, FindingBuilder findings)
    {
        if (world.Histories.GetValueOrDefault(order.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)) is { Calculated: { } calculated } history)
        {
            findings.Require(!world.HadToBeKnown(order, calculated), () => $"order {order.Id} is {order.Status} since {order.UpdatedAt}, but was settled at {calculated.RecordedAt}");
            Refund(order, history, calculated, findings);
        }
    }

    static void Refund(SourceOrder order, OrderHistory history, LoggedEvent calculated, FindingBuilder findings)
    {
        var known = history.Reversals.SelectMany(reversal => reversal.Requested).Select(request => request.Refunded).Append(calculated.Refunded).Max();
        var refunded = order.Minor(order.Refunded) ?? 0;
        var refused = history.Calls.Values.Any(call => call.DeadLetter is { Leg: "calculation", N: > 0 });
        findings.Require(
            refunded <= known || refunded > calculated.Gross || refused || order.Currency != calculated.Currency,
            () => $"order {order.Id}: {refunded} are refunded, but settled and reversed is only what {known} ask for");
    }

    /// <summary>By the log alone: what began must end.</summary>
    static void Stuck(AuditContext world, OrderHistory history, FindingBuilder findings)
    {
        if (!world.IsOld(history.LastAt))
        {
            return;
        }

        if (history.Outcome == OrderOutcome.Open)
        {
            var due = history.Scheduled?.DueAt ?? history.LastAt;
            findings.Require(!world.IsOld(due), () => $"order {history.Id} was due at {due} and is under way since {history.LastAt}");
        }

        if (history.Payout is { PayableAt: { } until } && history.Outcome == OrderOutcome.WaitsForPayout)
        {
            findings.Require(!world.IsOld(until), () => $"order {history.Id}: its split was to be paid out from {until} on, and was not let go");
        }

        if (history.Completed is { } completed)
        {
            Completion(history, completed, findings);
        }

        foreach (var reversal in history.Reversals.Where(reversal => !reversal.Completed))
        {
            var waits = history.IsHeld || history.Payout is not null || history.Calls.Values.Any(call => call.DeadLetter is not null);
            findings.Require(waits, () => $"order {history.Id}: reversal {reversal.N} is under way since {history.LastAt}, and nothing holds it");
        }
    }

    static void Completion(OrderHistory history, LoggedEvent completed, FindingBuilder findings)
    {
        var legs = (history.Calculated?.Lines ?? []).Where(line => line.Amount != 0).Select(line => Kernel.Calls.LegNames.Name(LegLines.LegOf(line.Party))).Append("verification").Distinct();
        foreach (var leg in legs)
        {
            findings.Require(
                history.Confirmation(leg, 0) is not null || completed.Discarded.Contains(leg),
                () => $"order {history.Id} is completed, but its {leg} is neither confirmed nor discarded");
        }
    }
}
