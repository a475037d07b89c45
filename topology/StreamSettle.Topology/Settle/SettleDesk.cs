using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Processors;
using StreamSettle.Topology.Auditing;
using StreamSettle.Topology.Clock;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Operators;
using StreamSettle.Topology.Orders;

namespace StreamSettle.Topology.Settle;

/// <summary>Where settle writes: facts, calls, dead letters, and the marks it waits for.</summary>
sealed class SettleDesk(ProcessorContext context, Guid run)
{
    readonly Output<OrderId, OrderEvent> events = context.Output<OrderId, OrderEvent>(SettleNodes.Events);
    readonly Output<string, DeadLetter> deadLetters = context.Output<string, DeadLetter>(SettleNodes.DeadLetters);
    readonly Output<int, ProgressReport> wants = context.Output<int, ProgressReport>(SettleNodes.Wants);
    readonly Output<int, FinishedOrder> finished = context.Output<int, FinishedOrder>(SettleNodes.Finished);
    readonly Output<MerchantId, DeliveryCommand>[] commands =
        [.. Enum.GetValues<Leg>().Select(leg => SettlementTopology.Calls.Contains(leg) ? context.Output<MerchantId, DeliveryCommand>(Topics.Commands(leg)) : null!)];

    readonly ByteBuffer body = new();

    /// <summary>The wall clock as events write it.</summary>
    public string RecordedAt => context.SystemTime.ToString();

    long TimestampMs => context.SystemTime.Microseconds / 1000;

    public void Tell(OrderId order, SettlementEvent happened) =>
        events.Forward(new() { Key = order, Value = new(order, happened), TimestampMs = TimestampMs });

    /// <summary>Carries out what was decided: facts, calls and dead letters, in this order.</summary>
    public void CarryOut(SettleStep step)
    {
        foreach (var happened in step.Events)
        {
            Tell(step.State.Order, happened);
        }

        foreach (var refusal in step.Refusals)
        {
            Refuse(refusal, step.State.Merchant, []);
        }

        foreach (var call in step.Calls)
        {
            Send(step.State, call);
        }
    }

    public void Refuse(RefusalChange refusal, MerchantId merchant, ReadOnlySpan<byte> row)
    {
        var id = refusal.Key.ToString();
        var letter = refusal.Reason is null ? null : new DeadLetter
        {
            Id = id, Stage = Leg.Calculation.Name(), OrderId = refusal.Key.Order.Value, MerchantId = merchant.Value, Reason = refusal.Reason,
            Since = context.SystemTime, Payload = row.ToArray(),
        };
        deadLetters.Forward(new() { Key = id, Value = letter!, IsTombstone = letter is null, TimestampMs = TimestampMs });
    }

    /// <summary>An operator's request about a call goes to the delivery that has it.</summary>
    public void PassOn(SettlementState state, OperatorRequest request) => Command(state, request.Key, new()
    {
        Kind = request.Replay ? DeliveryCommandKind.Replay : DeliveryCommandKind.Discard,
        Key = request.Key, Merchant = state.Merchant, Lane = state.Settled!.Lane, DueAt = DueAt(state, request.Key.N), By = request.By, RequestId = request.RequestId,
        Note = request.Note,
    });

    /// <summary>The clock may forget the order.</summary>
    public void Finish(SettlementState state) => finished.Forward(new()
    {
        Key = state.ClockTask, Value = new(state.Order, state.Merchant, state.Taken, state.DueAt, state.Settled?.CompletedAt), TimestampMs = TimestampMs,
    });

    /// <summary>Nobody needs the order's calls any more.</summary>
    public void ForgetCalls(SettlementState state)
    {
        if (state.Settled is not { } settled)
        {
            return;
        }

        ForgetCalls(state, settled.Legs, 0);
        foreach (var reversal in settled.Reversals)
        {
            ForgetCalls(state, reversal.Legs, reversal.N);
        }
    }

    public void Want(UtcInstant mark) => wants.Forward(new() { Key = context.Task.Partition, Value = new(null, mark, run, 0), TimestampMs = TimestampMs });

    void Send(SettlementState state, CallToSend call)
    {
        body.Clear();
        CallBodies.Write(body, state, call.Leg, call.N);
        var key = new CallKey(state.Order, call.Leg, call.N);
        Command(state, key, new()
        {
            Kind = DeliveryCommandKind.Send, Key = key, Merchant = state.Merchant, Lane = state.Settled!.Lane, DueAt = DueAt(state, call.N), Body = body.Written,
        });
    }

    void ForgetCalls(SettlementState state, LegStates legs, int n)
    {
        foreach (var leg in LegStates.All)
        {
            if (legs[leg] != LegState.None)
            {
                var key = new CallKey(state.Order, leg, n);
                Command(state, key, new()
                {
                    Kind = DeliveryCommandKind.Forget, Key = key, Merchant = state.Merchant, Lane = state.Settled!.Lane, DueAt = DueAt(state, n),
                });
            }
        }
    }

    void Command(SettlementState state, CallKey key, in DeliveryCommand command) =>
        commands[(int)key.Leg].Forward(new() { Key = state.Merchant, Value = command, TimestampMs = TimestampMs });

    static UtcInstant DueAt(SettlementState state, int n) => n == 0 ? state.DueAt : state.Settled!.Reversals[n - 1].CommittedAt;
}
