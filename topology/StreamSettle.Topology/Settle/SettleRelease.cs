using System.Collections.Immutable;
using System.Text;
using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Orders;
using StreamSettle.Settlement.Results;
using StreamSettle.Streams.Processors;
using StreamSettle.Topology.Clock;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Ports;
using StreamSettle.Topology.Tallies;

namespace StreamSettle.Topology.Settle;

/// <summary>
/// Settle's punctuation: calculates the orders whose marks all clock tasks have passed, in the order of the marks. A watermark counts only when
/// everything that the clocks wrote before it has been processed here, so no older mark of the same merchant can come later (I5).
/// </summary>
sealed class SettleRelease(
    ProcessorContext context, Settlements settlements, SettleDesk desk, UncalculatedOrders uncalculated, SettleForgetting forgetting,
    SettlementSettings settings, ClockRun run, string dueTopic, Tally tally)
{
    /// <summary>How long an answer from the clock tasks may take before it is asked for again: one may have been passed over at the start of a run.</summary>
    static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    UtcInstant watermark = UtcInstant.MinValue;
    UtcInstant nextWatermark = UtcInstant.MinValue;
    long watermarkEpoch;
    MonotonicInstant? asked;
    long nextWatermarkNeeds;

    public void Run(UtcInstant now)
    {
        if (!run.Gate.MayRelease(out var epoch))
        {
            return;
        }

        if (epoch != watermarkEpoch)
        {
            // The gate was closed in between: what changed meanwhile comes by the clocks before they reach a mark anew.
            (watermarkEpoch, watermark, nextWatermark) = (epoch, UtcInstant.MinValue, UtcInstant.MinValue);
        }

        FollowWatermark();
        Release(now);
        if (settlements.First(now) is { } first && first > watermark && (first > run.Progress.Wanted || MayAskAgain))
        {
            asked = context.MonotonicTime;
            desk.Want(first);
        }
    }

    bool MayAskAgain => asked is not { } before || context.MonotonicTime - before >= AskAgain;

    void FollowWatermark()
    {
        if (nextWatermark > watermark && context.Position(dueTopic) >= nextWatermarkNeeds)
        {
            watermark = nextWatermark;
        }

        if (nextWatermark <= watermark && run.Progress.Watermark(watermarkEpoch) is var reported && reported > watermark)
        {
            nextWatermark = reported;
            nextWatermarkNeeds = context.EndOffset(dueTopic);
            watermark = context.Position(dueTopic) >= nextWatermarkNeeds ? nextWatermark : watermark;
        }
    }

    void Release(UtcInstant now)
    {
        using var scan = settlements.Take(watermark < now ? watermark : now, settings.MaxFired);
        while (run.Gate.MayRelease(out var epoch) && epoch == watermarkEpoch && scan.MoveNext())
        {
            Look(Settlement(scan), now);
        }
    }

    SettlementState Settlement(DueOrderScan scan) =>
        settlements.Find(scan.Order) is { } state && state.IndexedAt == scan.DueAt
            ? state
            : throw new Kernel.Failures.CorruptStateException($"the due windows have order {scan.Order} at {scan.DueAt}, the settlement itself says otherwise");

    void Look(SettlementState state, UtcInstant now)
    {
        if (state is { Settled: null, Stage: PendingStage.Scheduled })
        {
            Calculate(state, now);
        }
        else
        {
            forgetting.Offer(state, now);
        }
    }

    void Calculate(SettlementState state, UtcInstant now)
    {
        var row = Rows.Read(state.Row.AsSpan());
        var calculation = uncalculated.Math.Begin(row, state.Merchant);
        var due = calculation.DueAt;
        if (due != state.DueAt)
        {
            desk.Tell(state.Order, new SettlementRescheduled(
                Causes.Retaken(state.Cause, state.DueAt, due), desk.RecordedAt, state.Merchant.Value, row.CompletedAt.ToString()!, due.ToString()));
        }

        if (due > now)
        {
            settlements.Put(state with { DueAt = due, DueTold = false, IndexedAt = due }, state);
            return;
        }

        if (due != state.DueAt || !state.DueTold)
        {
            desk.Tell(state.Order, new SettlementDue(Causes.Due(state.Cause, due), desk.RecordedAt, due.ToString()));
        }

        Divide(calculation, row, state, due, now);
    }

    void Divide(in OrderCalculation calculation, in OrderRow row, SettlementState state, UtcInstant due, UtcInstant now)
    {
        var told = state with { DueAt = due, DueTold = true };
        switch (calculation.Settle())
        {
            case null:
                uncalculated.Refuse(told, state, Refusals.UnknownMerchant);
                break;
            case Refused refused:
                uncalculated.Refuse(told, state, refused.Reason);
                break;
            case Cancelled:
                uncalculated.Cancel(told, state, Takebacks.NothingToSettle, now);
                break;
            case Settled settled:
                Settle(told, row, settled, calculation.Explain(settled), now);
                break;
        }
    }

    void Settle(SettlementState state, in OrderRow row, Settled result, ImmutableArray<string> explanations, UtcInstant now)
    {
        var settled = new SettledOrder
        {
            Division = new(DivisionOf(row, result)), Lane = result.Priority ? Lane.Priority : Lane.Ordinary, CompletedAt = row.CompletedAt!.Value,
            Refunded = result.Refunded, Legs = LegsOf(result),
        };
        var step = new SettleStep(state with { Row = [], Settled = settled, IndexedAt = settings.KeptUntil(state.DueAt, now) });
        step.Tell(new SettlementCalculated(
            state.Cause, desk.RecordedAt, state.Merchant.Value, result.Currency.ToString(), result.Gross, result.Refunded, result.Net, result.RuleVersion,
            result.Priority, result.ExportRefund,
            [.. result.Lines.Select((line, i) => new ExplainedLine(line.Party.ToString(), line.Amount, explanations[i], line.Party.Level))],
            settled.CompletedAt.ToString(), state.DueAt.ToString()));
        LegProgress.Advance(step, state.Cause, desk.RecordedAt);
        settlements.Put(step.State, state);
        desk.CarryOut(step);
        if (state.InTime)
        {
            SettleTally.Late(tally, now - state.DueAt);
        }
    }

    static Division DivisionOf(in OrderRow row, Settled result) => new()
    {
        Currency = result.Currency, Gross = result.Gross, Net = result.Net, RuleVersion = result.RuleVersion,
        BuyerCountry = Encoding.UTF8.GetString(row.BuyerCountry), Invoice = [.. InvoiceText.JsonOrNothing(row.Invoice)],
        Lines = [.. result.Lines.Select(line => new SettledLine(
            line.Party.ToString(), line.Party.Leg, line.Party.Kind == PartyKind.Promoter ? line.Party.Id : 0, line.Party.Level, line.Amount))],
    };

    static LegStates LegsOf(Settled result)
    {
        var legs = new LegStates(LegState.Waiting, LegState.None, LegState.None, LegState.None);
        foreach (var line in result.Lines)
        {
            legs = line.Amount > 0 ? legs.With(line.Party.Leg, LegState.Waiting) : legs;
        }

        return legs;
    }
}
