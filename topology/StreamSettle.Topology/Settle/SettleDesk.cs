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

/// <summary>Where settle writes: facts, calls, dead letters, and the marks that it waits for.</summary>
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

    public void Open(OrderId order, MerchantId merchant, OpenDeadLetter letter, ReadOnlySpan<byte> row)
    {
        var id = new CallKey(order, Leg.Calculation, letter.N).ToString();
        deadLetters.Forward(new()
        {
            Key = id,
            Value = new DeadLetter
            {
                Id = id, Stage = Leg.Calculation.Name(), OrderId = order.Value, MerchantId = merchant.Value, Reason = letter.Reason,
                Since = context.SystemTime, Payload = row.ToArray(),
            },
            TimestampMs = TimestampMs,
        });
    }

    public void Close(OrderId order, CloseDeadLetter letter) => deadLetters.Forward(new()
    {
        Key = new CallKey(order, Leg.Calculation, letter.N).ToString(), Value = null!, IsTombstone = true, TimestampMs = TimestampMs,
    });

    public void Send(OrderId order, SettlementState state, Division division, SendCall call)
    {
        body.Clear();
        CallBodies.Write(body, order, state, division, call.Leg, call.N);
        Command(new()
        {
            Kind = DeliveryCommandKind.Send, Key = new(order, call.Leg, call.N), Merchant = state.Merchant, Lane = state.Settled!.Lane, DueAt = state.DueAtOf(call.N),
            Body = body.Written,
        });
    }

    /// <summary>An operator's request about a call goes to the delivery that has it.</summary>
    public void PassOn(SettlementState state, OperatorRequest request) => Command(new()
    {
        Kind = request.Replay ? DeliveryCommandKind.Replay : DeliveryCommandKind.Discard,
        Key = request.Key, Merchant = state.Merchant, Lane = state.Settled!.Lane, DueAt = state.DueAtOf(request.Key.N), By = request.By, RequestId = request.RequestId,
        Note = request.Note,
    });

    /// <summary>The clock may forget the order.</summary>
    public void Finish(KeptSettlement kept) => finished.Forward(new()
    {
        Key = kept.Books.ClockTask, Value = new(kept.Order, kept.State.Merchant, kept.Books.Taken, kept.State.DueAt, kept.State.Settled?.CompletedAt),
        TimestampMs = TimestampMs,
    });

    /// <summary>Nobody needs the order's calls any more.</summary>
    public void ForgetCalls(OrderId order, SettlementState state)
    {
        for (var n = 0; n <= (state.Settled?.Reversals.Length ?? -1); n++)
        {
            foreach (var leg in LegStates.All)
            {
                if (state.Settled!.LegsOf(n)[leg] != LegState.None)
                {
                    Command(new()
                    {
                        Kind = DeliveryCommandKind.Forget, Key = new(order, leg, n), Merchant = state.Merchant, Lane = state.Settled.Lane, DueAt = state.DueAtOf(n),
                    });
                }
            }
        }
    }

    public void Want(UtcInstant mark) => wants.Forward(new() { Key = context.Task.Partition, Value = new(null, mark, run, 0, 0), TimestampMs = TimestampMs });

    void Command(in DeliveryCommand command) =>
        commands[(int)command.Key.Leg].Forward(new() { Key = command.Merchant, Value = command, TimestampMs = TimestampMs });
}
