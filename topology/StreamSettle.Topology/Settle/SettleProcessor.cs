using StreamSettle.Kernel.Calls;
using StreamSettle.Settlement.Rules;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Topology.Clock;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Operators;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Ports;
using StreamSettle.Topology.Tallies;

namespace StreamSettle.Topology.Settle;

/// <summary>Sub-topology 2, by merchant: owns an order from its mark on, divides its money, gives its calls to delivery and takes their results.</summary>
sealed class SettleProcessor(RuleBook rules, SettlementSettings settings, ClockRun run, string dueTopic)
    : IProcessor<ReadOnlySpan<byte>, SettleInput>
{
    ProcessorContext context = null!;
    Settlements settlements = null!;
    SettleDesk desk = null!;
    SettleTransactor transactor = null!;
    UncalculatedOrders uncalculated = null!;
    SettleForgetting forgetting = null!;
    SettleRefunds refunds = null!;
    SettleRelease release = null!;
    TaskTally tally = null!;

    public void Init(ProcessorContext context)
    {
        this.context = context;
        tally = run.Tallies.OpenSettle(context, StoreNames.SettleTallies);
        settlements = new(
            context.Store(StoreNames.Settlements), context.Store(StoreNames.Divisions), new(context.Store(StoreNames.SettlementsByDue)), tally.Numbers);
        desk = new(context, run.Id);
        transactor = new(settlements, desk);
        var math = new OrderMath(rules, context.GlobalStore(StoreNames.Merchants), context.GlobalStore(StoreNames.Promoters));
        uncalculated = new(transactor, desk, math, settings);
        forgetting = new(settlements, desk, settings);
        var horizon = new SettleHorizon(context, run, dueTopic);
        refunds = new(settlements, new(context.Store(StoreNames.WaitingRefunds), settings.MaxFired), transactor, desk, horizon);
        release = new(context, settlements, desk, transactor, math, forgetting, refunds, horizon, settings, run, tally.Numbers);
        context.Schedule(settings.PunctuationInterval, PunctuationType.WallClockTime, release.Run);
    }

    public void Process(scoped in Record<ReadOnlySpan<byte>, SettleInput> record)
    {
        if (record.Value.Result is { } result)
        {
            Take(result);
            return;
        }

        var message = record.Value.Message;
        if (settlements.Find(message.Order) is not { } kept)
        {
            if (message.Kind == OrderMessageKind.Due)
            {
                Accept(message);
            }
        }
        else if (message.Kind == OrderMessageKind.Forgotten)
        {
            forgetting.Forget(kept, context.SystemTime);
        }
        else
        {
            var after = Follow(Count(kept, message), message);
            settlements.Put(after, kept);
            refunds.Await(after);
        }
    }

    public void BeforeCommit() => tally.Keep();

    public void Close() => run.Tallies.CloseSettle(context, tally);

    /// <summary>The clock has told that the order was scheduled and that its mark has passed.</summary>
    void Accept(in OrderMessage message) => settlements.Put(
        new(
            message.Order,
            new() { Stage = PendingStage.Scheduled, Merchant = message.Merchant, DueAt = message.DueAt, DueTold = true },
            new()
            {
                Cause = message.Cause, InTime = message.InTime, IndexedAt = message.DueAt, NextOffset = message.Offset + 1, Doubts = message.Doubts,
                ClockTask = message.ClockTask, Taken = 1, Row = [.. message.RowBytes],
            }),
        null);

    /// <summary>Takes a message of the clock into account, and what it says of changes that could not be read.</summary>
    KeptSettlement Count(KeptSettlement kept, in OrderMessage message)
    {
        var books = kept.Books;
        return kept with
        {
            Books = books with
            {
                Taken = books.Taken + 1,
                IndexedAt = forgetting.KeptAgain(kept, context.SystemTime),
                KeyChanged = books.KeyChanged || (message.Kind == OrderMessageKind.Unreadable && message.KeyChanged),
                NextOffset = message.Kind is OrderMessageKind.Changed or OrderMessageKind.Deleted ? Math.Max(books.NextOffset, message.Offset + 1) : books.NextOffset,
                Doubts = message.Kind switch
                {
                    OrderMessageKind.Unreadable => DoubtList.With(books.Doubts, message.Offset),
                    OrderMessageKind.Operator => books.Doubts,
                    _ => DoubtList.Without(books.Doubts, message.Offset),
                },
            },
        };
    }

    KeptSettlement Follow(KeptSettlement kept, in OrderMessage message)
    {
        if (message.Kind == OrderMessageKind.Operator)
        {
            return Operate(kept, message.Request!);
        }

        if (kept.State.Settled is null)
        {
            return uncalculated.Follow(kept, message, context.SystemTime);
        }

        return message.Kind is OrderMessageKind.Changed or OrderMessageKind.Deleted ? refunds.Take(kept, message) : kept;
    }

    void Take(in DeliveryResult result)
    {
        if (settlements.Find(result.Key.Order) is { } kept)
        {
            var after = Decide(kept, new TakeResult(result, desk.RecordedAt));
            if (!ReferenceEquals(after.State, kept.State))
            {
                settlements.Put(after, kept);
            }
        }
    }

    KeptSettlement Operate(KeptSettlement kept, OperatorRequest request)
    {
        var key = request.Key;
        if (key.Leg != Leg.Calculation)
        {
            if (kept.State.Settled is { } settled && SettlementTopology.Calls.Contains(key.Leg) && key.N <= settled.Reversals.Length)
            {
                desk.PassOn(kept.State, request);
            }

            return kept;
        }

        return kept.State.Settled is null
            ? uncalculated.Operate(kept, request, context.SystemTime)
            : Decide(kept, request.Replay
                ? new ReplayRefund(kept.Order, request.Cause, desk.RecordedAt, key.N, request.By)
                : new DiscardRefund(kept.Order, request.Cause, desk.RecordedAt, key.N, request.By, request.Note));
    }

    KeptSettlement Decide(KeptSettlement kept, SettledCommand command) => kept with { State = transactor.Transact(kept.State, command) };
}
