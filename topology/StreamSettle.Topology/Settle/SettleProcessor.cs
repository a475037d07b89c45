using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Operators;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Payouts;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Ports;
using StreamSettle.Topology.Rebuilding;
using StreamSettle.Topology.Tallies;

namespace StreamSettle.Topology.Settle;

/// <summary>The sub-topology <c>settle</c>, by merchant: owns an order from its mark on, divides its money, gives its calls to delivery and takes their results.</summary>
/// <param name="dueTopic">The repartition topic by which orders come.</param>
sealed class SettleProcessor(SettlementPorts ports, SettlementSettings settings, string dueTopic) : IProcessor<ReadOnlySpan<byte>, SettleInput>
{
    readonly UnsentRow unsent = new();
    ProcessorContext context = null!;
    Settlements settlements = null!;
    SettleOutputs outputs = null!;
    SettleTransactor transactor = null!;
    UncalculatedOrders uncalculated = null!;
    SettleForgetting forgetting = null!;
    SettleRefunds refunds = null!;
    SettleHolds holds = null!;
    SettlePayouts payouts = null!;
    TaskPayouts waiting = null!;
    TaskTally tally = null!;
    IPunctuation punctuation = null!;
    UtcInstant? rebuiltAt;

    public void Init(ProcessorContext context)
    {
        this.context = context;
        tally = ports.Tallies.OpenSettle(context, StoreNames.SettleTallies);
        waiting = ports.Tallies.OpenPayouts(context, StoreNames.WaitingPayouts);
        settlements = new(
            new(context.Store(StoreNames.Settlements), context.Store(StoreNames.SettlementsByDue)), context.Store(StoreNames.Divisions), new(context.Store(StoreNames.HeldOrders)),
            new(context.Store(StoreNames.WaitingPayouts), waiting), tally.Numbers);
        rebuiltAt = RebuildMark.Read(context.Store(StoreNames.SettleTallies));
        outputs = new(context);
        transactor = new(settlements, outputs);
        var math = new OrderMath(ports.Rules, context.GlobalStore(StoreNames.Merchants), context.GlobalStore(StoreNames.Promoters));
        uncalculated = new(transactor, outputs, math, settings);
        forgetting = new(settlements, outputs, settings);
        var horizon = new SettleHorizon(context, ports.Progress, dueTopic);
        refunds = new(settlements, new(context.Store(StoreNames.WaitingRefunds), settings.MaxFired), transactor, outputs, horizon);
        holds = new(ports.Holds, settlements, transactor, outputs, settings.MaxSwept);
        payouts = new(
            context, settlements, new(ports.Rules.Calendars, new(context.GlobalStore(StoreNames.Merchants)), ports.Gate), transactor, outputs, settings.MaxFired);
        var steps = new SettleSteps(new(settlements, outputs, transactor, math, settings, tally.Numbers), forgetting, refunds, holds, payouts);
        var release = new SettleRelease(settlements, new(context, outputs, ports, horizon), steps, settings);
        punctuation = context.Schedule(
            settings.PunctuationInterval, PunctuationType.WallClockTime,
            now =>
            {
                release.Punctuate(now);
                punctuation.IsLazy = release.IsAtRest;
            },
            settings.ReleasePhase);
    }

    public void Process(scoped in Record<ReadOnlySpan<byte>, SettleInput> record)
    {
        punctuation.IsLazy = false;
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
            var told = unsent.Filled(kept, message);
            var after = Follow(Count(kept, told), told);
            settlements.Put(after, kept);
            refunds.Await(after);
        }
    }

    public void BeforeCommit() => tally.Keep();

    public void Close()
    {
        ports.Gate.StandsAt(context.Task, null);
        ports.Tallies.CloseSettle(context, tally, waiting);
    }

    /// <summary>The clock has recorded that the order was scheduled and that its mark has passed.</summary>
    void Accept(in OrderMessage message) => settlements.Put(
        new(
            message.Order,
            new() { Pending = new() { Stage = PendingStage.Scheduled, Merchant = message.Merchant, DueAt = message.DueAt, DueRecorded = true } },
            new()
            {
                Order = new() { InTime = message.InTime, IndexedAt = message.DueAt, NextOffset = message.Offset + 1, Doubts = message.Doubts },
                Cause = message.Cause, ClockTask = message.ClockTask, Taken = 1, Row = [.. message.RowBytes],
                KnownTo = message.DueAt <= rebuiltAt ? SettleBookkeeping.NotCalculated : null,
            }),
        null);

    /// <summary>Takes a message of the clock into account, and what it says of changes that were read or could not be.</summary>
    KeptSettlement Count(KeptSettlement kept, in OrderMessage message)
    {
        var books = kept.Books.Order with { IndexedAt = forgetting.KeptAgain(kept, context.SystemTime) };
        return kept with
        {
            Books = kept.Books with
            {
                Taken = kept.Books.Taken + 1,
                Order = message.Kind switch
                {
                    OrderMessageKind.Unreadable => books.Doubted(message.Offset, message.KeyChanged),
                    OrderMessageKind.Changed or OrderMessageKind.Deleted =>
                        books.Read(message.Offset, isAltered: message.KeyChanged || !message.RowBytes.SequenceEqual(kept.Books.Row.AsSpan())),
                    OrderMessageKind.Operator => books,
                    _ => books.Cleared(message.Offset),
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
            var taken = new TakeResult(result, outputs.RecordedAt) { Deferral = payouts.Weigh(kept, result, context.SystemTime) };
            var after = Decide(Released(holds.LetGo(kept, context.SystemTime), result), taken);
            if (!ReferenceEquals(after.State, kept.State))
            {
                settlements.Put(after, kept);
            }

            if (result.Outcome == DeliveryOutcome.Held)
            {
                holds.LookAgain(result.Text, context.SystemTime);
            }
        }
    }

    /// <summary>A person has looked at a call that was held after a rebuild: what its system has of the others counts as well.</summary>
    static KeptSettlement Released(KeptSettlement kept, in DeliveryResult result) => result.Outcome == DeliveryOutcome.Replayed && kept.Books.KnownTo < result.Key.N
        ? kept with { Books = kept.Books with { KnownTo = result.Key.N } }
        : kept;

    KeptSettlement Operate(KeptSettlement kept, OperatorRequest.OfKey request)
    {
        var key = request.Key;
        if (key.Leg != Leg.Calculation)
        {
            return kept.State.Settled is { } settled && SettlementTopology.Calls.Contains(key.Leg) && key.N <= settled.Reversals.Length ? Operate(kept, settled, request) : kept;
        }

        return kept.State.Settled is null
            ? uncalculated.Operate(kept, request, context.SystemTime)
            : Decide(kept, request switch
            {
                OperatorRequest.Replay replay => new ReplayRefund(Context(kept, request.Cause), key.N, request.By, replay.Note),
                OperatorRequest.Discard discard => new DiscardRefund(Context(kept, request.Cause), key.N, request.By, discard.Note),
                _ => throw new BrokenInvariantException($"unknown request {request}"),
            });
    }

    /// <summary>What is asked or told of a call. One that is sent again changes no state: it is confirmed, whatever its system remembers.</summary>
    KeptSettlement Operate(KeptSettlement kept, SettledOrder settled, OperatorRequest.OfKey request)
    {
        var key = request.Key;
        switch (request)
        {
            case OperatorRequest.Returned told:
                return Decide(kept, new TakeReturn(Context(kept, told.Cause), told));
            case OperatorRequest.Replay replay when ReturnedCalls.IsReturned(settled, key):
                return Decide(kept, new ReplayReturned(Context(kept, replay.Cause), key, replay.By, replay.Note));
            case OperatorRequest.Discard discard when ReturnedCalls.IsReturned(settled, key):
                return Decide(kept, new DiscardReturned(Context(kept, discard.Cause), key, discard.By, discard.Note));
            case OperatorRequest.SendAgain when settled.LegsOf(key.N)[key.Leg] == LegState.Confirmed && !ReturnedCalls.IsOfThePast(settled, key):
                outputs.SendAgain(kept, settlements.DivisionOf(kept.Order), new(key.Leg, key.N, key.Returns));
                return kept;
            case OperatorRequest.Replay or OperatorRequest.Discard:
                outputs.PassOn(kept.State, request);
                return kept;
            default:
                return kept;
        }
    }

    KeptSettlement Decide(KeptSettlement kept, SettledCommand command) => kept with { State = transactor.Transact(kept, command) };

    CommandContext Context(KeptSettlement kept, string cause) => new(kept.Order, kept.State.Merchant, cause, outputs.RecordedAt);
}
