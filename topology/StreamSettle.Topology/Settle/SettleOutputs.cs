using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Processors;
using StreamSettle.Topology.Clock;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Operators;
using StreamSettle.Topology.Orders;

namespace StreamSettle.Topology.Settle;

/// <summary>Where settle writes: beside events and what is refused, calls, the marks that it waits for, and orders that it is done with.</summary>
sealed class SettleOutputs(ProcessorContext context) : OrderOutputs(context, SettleNodes.Events, SettleNodes.DeadLetters)
{
    readonly ProcessorContext context = context;
    readonly Output<int, ClockReport> requests = context.Output<int, ClockReport>(SettleNodes.ProgressRequests);
    readonly Output<int, FinishedOrder> finished = context.Output<int, FinishedOrder>(SettleNodes.Finished);
    readonly Output<MerchantId, DeliveryCommand>[] commands =
        [.. Enum.GetValues<Leg>().Select(leg => SettlementTopology.Calls.Contains(leg) ? context.Output<MerchantId, DeliveryCommand>(Topics.Commands(leg)) : null!)];

    readonly ByteBuffer body = new();

    public void Send(KeptSettlement kept, Division division, SendCall call)
    {
        var (order, state) = (kept.Order, kept.State);
        body.Clear();
        var invoiceAt = CallBodies.Write(body, order, state, division, call);
        Forward(new()
        {
            Kind = kept.Books.KnownTo switch
            {
                null => DeliveryCommandKind.Send,
                { } known => call.N <= known ? DeliveryCommandKind.Ask : DeliveryCommandKind.Claim,
            },
            Key = new(order, call.Leg, call.N, call.Returns), Merchant = state.Merchant, Lane = state.Settled!.Lane, DueAt = state.DueAtOf(call.N),
            KeyAccount = state.Settled.KeyAccount, InvoiceAt = invoiceAt, Body = body.Written,
        });
    }

    /// <summary>A confirmed call goes again as if it were new: delivery forgets that it was, and the body is the same as then (I10).</summary>
    public void SendAgain(KeptSettlement kept, Division division, SendCall call)
    {
        Forget(kept.State, new(kept.Order, call.Leg, call.N, call.Returns));
        Send(kept, division, call);
    }

    /// <summary>A call that its system has undone waits for a person, with the bytes that go again.</summary>
    public void Open(KeptSettlement kept, Division division, ReturnedLeg returned)
    {
        body.Clear();
        CallBodies.Write(body, kept.Order, kept.State, division, new(returned.Leg, returned.N));
        Open(ReturnedLetter.Of(kept.Order, kept.State.Merchant, returned, body.Written, context.SystemTime));
    }

    /// <summary>An operator's request about a call goes to the delivery that has it.</summary>
    public void PassOn(SettlementState state, OperatorRequest.OfKey request)
    {
        var (kind, note) = request switch
        {
            OperatorRequest.Replay replay => (DeliveryCommandKind.Replay, replay.Note),
            OperatorRequest.Discard discard => (DeliveryCommandKind.Discard, discard.Note),
            _ => throw new BrokenInvariantException($"unknown request {request}"),
        };
        Forward(new()
        {
            Kind = kind, Key = request.Key, Merchant = state.Merchant, Lane = state.Settled!.Lane, DueAt = state.DueAtOf(request.Key.N), By = request.By,
            RequestId = request.RequestId, Note = note,
        });
    }

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
                ForgetCalls(state, leg, n, order);
            }
        }
    }

    /// <summary>Under all its keys.</summary>
    void ForgetCalls(SettlementState state, Leg leg, int n, OrderId order)
    {
        if (state.Settled!.LegsOf(n)[leg] == LegState.None)
        {
            return;
        }

        for (var returns = 0; returns <= (state.Settled.ReturnedOf(leg, n)?.Returns ?? 0); returns++)
        {
            Forget(state, new(order, leg, n, returns));
        }
    }

    /// <summary>All clock tasks are to report when they have fired the mark. No key of a report is below zero: each stays where only the last of a key does.</summary>
    public void RequestProgress(UtcInstant mark) =>
        requests.Forward(new() { Key = ~context.Task.Partition, Value = new ClockReport.Requested(mark), TimestampMs = TimestampMs });

    void Forget(SettlementState state, CallKey call) =>
        Forward(new() { Kind = DeliveryCommandKind.Forget, Key = call, Merchant = state.Merchant, Lane = state.Settled!.Lane, DueAt = state.DueAtOf(call.N) });

    void Forward(in DeliveryCommand command) =>
        commands[(int)command.Key.Leg].Forward(new() { Key = command.Merchant, Value = command, TimestampMs = TimestampMs });
}
