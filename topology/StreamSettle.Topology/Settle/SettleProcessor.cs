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
    UncalculatedOrders uncalculated = null!;
    SettleForgetting forgetting = null!;
    SettleRelease release = null!;
    TaskTally tally = null!;

    public void Init(ProcessorContext context)
    {
        this.context = context;
        tally = run.Tallies.OpenSettle(context, StoreNames.SettleTallies);
        settlements = new(
            context.Store(StoreNames.Settlements), context.Store(StoreNames.Divisions), new(context.Store(StoreNames.SettlementsByDue)), tally.Numbers);
        desk = new(context, run.Id);
        var math = new OrderMath(rules, context.GlobalStore(StoreNames.Merchants), context.GlobalStore(StoreNames.Promoters));
        uncalculated = new(settlements, desk, math, settings);
        forgetting = new(settlements, desk, settings);
        release = new(context, settlements, desk, uncalculated, forgetting, settings, run, dueTopic, tally.Numbers);
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
        if (settlements.Find(message.Order) is not { } state)
        {
            if (message.Kind == OrderMessageKind.Due)
            {
                Accept(message);
            }
        }
        else if (message.Kind == OrderMessageKind.Forgotten)
        {
            forgetting.Forget(state, context.SystemTime);
        }
        else
        {
            Follow(Count(state, message), message);
        }
    }

    public void BeforeCommit() => tally.Keep();

    public void Close() => run.Tallies.CloseSettle(context, tally);

    void Accept(in OrderMessage message) => settlements.Put(
        new()
        {
            Order = message.Order, Merchant = message.Merchant, Cause = message.Cause, Stage = PendingStage.Scheduled, DueAt = message.DueAt, DueTold = true,
            InTime = message.InTime, IndexedAt = message.DueAt, NextOffset = message.Offset + 1, Doubts = message.Doubts, ClockTask = message.ClockTask, Taken = 1, Row = [.. message.RowBytes],
        },
        null);

    /// <summary>Takes a message of the clock into account, and what it says of changes that could not be read.</summary>
    SettlementState Count(SettlementState state, in OrderMessage message)
    {
        var counted = state with
        {
            Taken = state.Taken + 1,
            IndexedAt = forgetting.KeptAgain(state, context.SystemTime),
            KeyChanged = state.KeyChanged || (message.Kind == OrderMessageKind.Unreadable && message.KeyChanged),
            NextOffset = message.Kind is OrderMessageKind.Changed or OrderMessageKind.Deleted ? Math.Max(state.NextOffset, message.Offset + 1) : state.NextOffset,
            Doubts = message.Kind switch
            {
                OrderMessageKind.Unreadable => DoubtList.With(state.Doubts, message.Offset),
                OrderMessageKind.Operator => state.Doubts,
                _ => DoubtList.Without(state.Doubts, message.Offset),
            },
        };
        settlements.Put(counted, state);
        return counted;
    }

    void Follow(SettlementState state, in OrderMessage message)
    {
        if (message.Kind == OrderMessageKind.Operator)
        {
            Operate(state, message.Request!);
        }
        else if (state.Settled is null)
        {
            uncalculated.Follow(state, message, context.SystemTime);
        }
        else if (message.Kind == OrderMessageKind.Changed)
        {
            CarryOut(state, SettleDecider.Refund(state, message.Row().Refunded, message.CommittedAt, message.Cause, desk.RecordedAt));
        }
    }

    void Take(DeliveryResult result)
    {
        if (settlements.Find(result.Key.Order) is { Settled: not null } state)
        {
            CarryOut(state, SettleDecider.Result(state, result, desk.RecordedAt));
        }
    }

    void Operate(SettlementState state, OperatorRequest request)
    {
        if (request.Key.Leg != Leg.Calculation)
        {
            if (state.Settled is not null && SettlementTopology.Calls.Contains(request.Key.Leg) && request.Key.N <= state.Settled.Reversals.Length)
            {
                desk.PassOn(state, request);
            }
        }
        else if (state.Settled is null)
        {
            uncalculated.Operate(state, request, context.SystemTime);
        }
        else if (state.Settled.Refused?.N == request.Key.N)
        {
            CarryOut(state, request.Replay
                ? SettleDecider.ReplayRefund(state, request.By, request.Cause, desk.RecordedAt)
                : SettleDecider.DiscardRefund(state, request, desk.RecordedAt));
        }
    }

    void CarryOut(SettlementState before, SettleStep step)
    {
        if (!ReferenceEquals(before, step.State))
        {
            settlements.Put(step.State, before);
        }

        desk.CarryOut(step);
    }
}
