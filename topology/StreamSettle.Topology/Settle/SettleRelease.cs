using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Results;
using StreamSettle.Streams.Processors;
using StreamSettle.Topology.Clock;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Ports;
using StreamSettle.Topology.Tallies;

namespace StreamSettle.Topology.Settle;

/// <summary>
/// Settle's punctuation: decides refunds whose transactions are whole, and calculates the orders whose marks all clock tasks have passed, in the order of the marks.
/// </summary>
sealed class SettleRelease(
    ProcessorContext context, Settlements settlements, SettleDesk desk, SettleTransactor transactor, OrderMath math, SettleForgetting forgetting, SettleRefunds refunds,
    SettleHorizon horizon, SettlementSettings settings, ClockRun run, Tally tally)
{
    /// <summary>How long an answer from the clock tasks may take before it is asked for again: one may have been passed over at the start of a run.</summary>
    static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    /// <summary>The same where clock tasks tell by themselves, with the next mark of the source.</summary>
    static readonly TimeSpan AskForProof = TimeSpan.FromSeconds(5);

    MonotonicInstant? asked;
    MonotonicInstant movedAt = context.MonotonicTime;

    /// <summary>The gate is asked once: what one punctuation does is bounded, and no more could be told between its end and the commit either.</summary>
    public void Run(UtcInstant now)
    {
        if (!run.Gate.MayRelease(out var epoch))
        {
            return;
        }

        horizon.Follow(epoch);
        movedAt = horizon.HasMoved ? context.MonotonicTime : movedAt;
        refunds.Run();
        Release(now);
        if (settlements.First(now) is { } first && first > horizon.Watermark && (first > run.Progress.Wanted || MayAskAgain))
        {
            asked = context.MonotonicTime;
            desk.Want(first);
        }
        else if (refunds.Any && context.MonotonicTime - movedAt >= AskForProof)
        {
            movedAt = context.MonotonicTime;
            desk.Want(horizon.Watermark);
        }
    }

    bool MayAskAgain => asked is not { } before || context.MonotonicTime - before >= AskAgain;

    void Release(UtcInstant now)
    {
        var watermark = horizon.Watermark;
        using var scan = settlements.Take(watermark < now ? watermark : now, settings.MaxFired);
        while (scan.MoveNext())
        {
            var kept = Settlement(scan);
            if (kept.State is { Settled: null, Stage: PendingStage.Scheduled } && !horizon.IsWhole(kept.Books.ClockTask, kept.Books.NextOffset))
            {
                // Its last change may be the middle of a transaction. Those behind it wait too, so that none overtakes it.
                settlements.Put(kept, kept);
                return;
            }

            Look(kept, now);
        }
    }

    KeptSettlement Settlement(DueOrderScan scan) =>
        settlements.Find(scan.Order) is { } kept && kept.Books.IndexedAt == scan.DueAt
            ? kept
            : throw new Kernel.Failures.CorruptStateException($"the due windows have order {scan.Order} at {scan.DueAt}, the settlement itself says otherwise");

    void Look(KeptSettlement kept, UtcInstant now)
    {
        if (kept.State is { Settled: null, Stage: PendingStage.Scheduled })
        {
            Calculate(kept, now);
        }
        else
        {
            forgetting.Offer(kept, now);
        }
    }

    void Calculate(KeptSettlement kept, UtcInstant now)
    {
        var (order, books) = (kept.Order, kept.Books);
        var row = Rows.Read(books.Row.AsSpan());
        var completedAt = row.CompletedAt!.Value;
        var calculation = math.Begin(row, kept.State.Merchant);
        var due = calculation.DueAt;
        var marked = transactor.Transact(kept.State, new TakeMark(order, books.Cause, desk.RecordedAt, completedAt, due, now));
        if (due > now)
        {
            settlements.Put(kept with { State = marked, Books = books with { IndexedAt = due } }, kept);
            return;
        }

        var result = calculation.Settle();
        var divide = new Divide(order, books.Cause, desk.RecordedAt, result, result is Settled lines ? calculation.Explain(lines) : [], completedAt);
        var after = kept.After(transactor.Transact(marked, divide, books.Row.AsSpan()), books.Cause, books.Row, settings, now);
        settlements.Put(after, kept);
        if (books.InTime && after.State.Settled is not null)
        {
            SettleTally.Late(tally, now - due);
        }
    }
}
