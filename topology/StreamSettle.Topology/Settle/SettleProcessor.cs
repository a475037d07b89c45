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
    SettleRelease release = null!;
    TaskTally tally = null!;

    public void Init(ProcessorContext context)
    {
        this.context = context;
        tally = run.Tallies.OpenSettle(context, StoreNames.SettleTallies);
        settlements = new(context.Store(StoreNames.Settlements), context.Store(StoreNames.SettlementsByDue), tally.Numbers);
        desk = new(context, run.Id);
        var math = new OrderMath(rules, context.GlobalStore(StoreNames.Merchants), context.GlobalStore(StoreNames.Promoters));
        uncalculated = new(settlements, desk, math, settings);
        release = new(context, settlements, desk, uncalculated, settings, run, dueTopic, tally.Numbers);
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
        var state = settlements.Find(message.Order);
        switch (message.Kind)
        {
            case OrderMessageKind.Due when state?.Settled is null:
                Accept(message, state);
                break;
            case OrderMessageKind.Operator when state is not null:
                Operate(state, message.Request!);
                break;
            case OrderMessageKind.Changed or OrderMessageKind.Deleted when state is not null:
                Change(state, message);
                break;
        }
    }

    public void BeforeCommit() => tally.Keep();

    public void Close() => run.Tallies.CloseSettle(context, tally);

    void Accept(in OrderMessage message, SettlementState? before) => settlements.Put(
        new()
        {
            Order = message.Order, Merchant = message.Merchant, Cause = message.Cause, Stage = PendingStage.Scheduled, DueAt = message.DueAt, DueTold = true,
            InTime = message.InTime, IndexedAt = message.DueAt, Row = [.. message.RowBytes],
        },
        before);

    void Change(SettlementState state, in OrderMessage message)
    {
        if (state.Settled is null)
        {
            uncalculated.Change(state, message, context.SystemTime);
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
