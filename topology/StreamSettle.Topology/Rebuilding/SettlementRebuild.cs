using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Kernel.Holds;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Topologies;
using StreamSettle.Topology.Clock;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Ports;
using StreamSettle.Topology.Settle;
using StreamSettle.Topology.Tallies;

namespace StreamSettle.Topology.Rebuilding;

/// <summary>
/// Makes the stores of clock and settle anew by what the event log knows (contract/events.md, "Local state lost"). What no event says comes after it: each order's row by
/// a whole reading of the source, with a sweep behind it for those whose row is gone. Until then nothing fires, so no row is missed.
/// </summary>
/// <param name="store">The store of a name, and of a partition, to be filled.</param>
/// <param name="open">Puts a dead letter on the list.</param>
/// <param name="now">The wall clock when the rebuild began.</param>
public sealed class SettlementRebuild(Func<string, int, IKeyValueStore> store, int partitions, SettlementSettings settings, Action<DeadLetter> open, UtcInstant now)
{
    readonly Dictionary<int, (OpenOrders Orders, TaskTally Tally)> clocks = [];
    readonly Dictionary<int, (Settlements Settlements, TaskTally Tally)> settles = [];
    readonly Dictionary<HoldScope, Hold> holds = [];
    readonly ByteBuffer scratch = new();

    /// <summary>The ids of holds of which more is known than orders' facts tell.</summary>
    public IReadOnlySet<string> KnownHolds { get; init; } = new HashSet<string>();

    /// <summary>The others that had kept orders back. When they were to expire is not on record: they stand until somebody releases them.</summary>
    public IReadOnlyCollection<Hold> Holds => holds.Values;

    /// <summary>The partition of a merchant's orders, and of its calls.</summary>
    public int PartitionOf(MerchantId merchant)
    {
        scratch.Clear();
        merchant.Write(new(scratch));
        return Murmur2.Partition(scratch.Written, partitions);
    }

    /// <param name="clockTask">The partition of the source's changes of the order.</param>
    /// <param name="invoice">The invoice column of its row, as it is now; empty for none, or no row.</param>
    /// <returns>Its calls, as far as they can have begun.</returns>
    public IEnumerable<KnownCall> Add(OrderPast past, int clockTask, ReadOnlySpan<byte> invoice)
    {
        AddToClock(past, clockTask);
        OpenRefusals(past);
        foreach (var hold in past.HoldsBut(KnownHolds))
        {
            holds.TryAdd(hold.Scope, hold);
        }

        if (!past.IsHandedOver)
        {
            return [];
        }

        var (settlements, _) = SettleOf(PartitionOf(past.State.Merchant));
        settlements.Put(new(past.Order, past.State, BooksOf(past, clockTask)), null);
        if (past.Calculated is not { } calculated)
        {
            return [];
        }

        var kept = InvoiceText.JsonOrNothing(invoice);
        var division = Division.Of(calculated, kept);
        settlements.Keep(past.Order, division);
        OpenReturned(past, division);
        return Calls(past, division, invoiceMayDiffer: calculated.InvoiceDigest != InvoiceDigest.Of(past.Order, kept));
    }

    /// <summary>After the last order: what tasks keep beside their orders.</summary>
    public void Finish()
    {
        foreach (var (_, tally) in clocks.Values)
        {
            tally.Keep();
        }

        foreach (var (_, tally) in settles.Values)
        {
            tally.Keep();
        }

        for (var partition = 0; partition < partitions; partition++)
        {
            RebuildMark.Keep(store(StoreNames.SettleTallies, partition), now);
        }
    }

    void AddToClock(OrderPast past, int partition)
    {
        var state = past.State.Pending;
        var order = past.IsHandedOver
            ? new OpenOrder { State = state with { Stage = PendingStage.HandedOver, Refusal = null, DueRecorded = true }, Mark = state.DueAt, Forwarded = 1 }
            : new OpenOrder
            {
                State = state, Mark = state.DueAt, OtherCause = past.Cause, SeenBefore = past.SeenBefore,
                Books = new OrderBookkeeping { KeyChanged = past.KeyChanged }.After(state.Stage, state.DueAt, isNews: true, past.LastAt, settings) with { InTime = false },
            };
        ClockOf(partition).Orders.Put(past.Order, order, default);
    }

    SettleBookkeeping BooksOf(OrderPast past, int clockTask)
    {
        var stage = past.State.Settled is null ? past.State.Pending.Stage : PendingStage.HandedOver;
        return new()
        {
            Order = new OrderBookkeeping { KeyChanged = past.KeyChanged }.After(stage, past.State.DueAt, isNews: true, past.LastAt, settings) with { InTime = false },
            Cause = past.Cause, ClockTask = clockTask, Taken = 1, KnownTo = past.State.Settled is { } settled ? settled.Reversals.Length : SettleBookkeeping.NotCalculated,
        };
    }

    /// <summary>A dead letter of a calculation shows the row that it was refused for, which no event has: it is shown without.</summary>
    void OpenRefusals(OrderPast past)
    {
        if (past.State.OpenRefusal is { } n)
        {
            open(new()
            {
                Id = new CallKey(past.Order, Leg.Calculation, n).ToString(), Stage = Leg.Calculation.Name(), OrderId = past.Order.Value, MerchantId = past.State.Merchant.Value,
                Reason = past.State.Settled?.Refused?.Reason ?? past.State.Pending.Refusal!, Since = past.RefusedAt, Payload = [],
            });
        }
    }

    List<KnownCall> Calls(OrderPast past, Division division, bool invoiceMayDiffer)
    {
        List<KnownCall> calls = [];
        for (var n = 0; n <= past.State.Settled!.Reversals.Length; n++)
        {
            var legs = past.State.Settled.LegsOf(n);
            foreach (var leg in LegStates.All)
            {
                calls.AddRange(Undone(past, division, leg, n));
                if (StateOf(legs[leg], past.CallOf(leg, n)) is { } state)
                {
                    calls.Add(CallOf(past, division, past.State.Settled.KeyOf(past.Order, leg, n), state, invoiceMayDiffer));
                }
            }
        }

        return calls;
    }

    /// <summary>The calls of a leg that were undone before the one of now: delivered each, and never sent again.</summary>
    IEnumerable<KnownCall> Undone(OrderPast past, Division division, Leg leg, int n)
    {
        for (var returns = 0; returns < (past.State.Settled!.ReturnedOf(leg, n)?.Returns ?? 0); returns++)
        {
            yield return CallOf(past, division, new(past.Order, leg, n, returns), KnownCallState.Confirmed, invoiceMayDiffer: false);
        }
    }

    /// <summary>Those that wait for a person since their systems have undone them.</summary>
    void OpenReturned(OrderPast past, Division division)
    {
        foreach (var returned in past.State.Settled!.Returned.Where(returned => past.State.Settled.LegsOf(returned.N)[returned.Leg] == LegState.Returned))
        {
            scratch.Clear();
            CallBodies.Write(scratch, past.Order, past.State, division, new(returned.Leg, returned.N));
            open(ReturnedLetter.Of(past.Order, past.State.Merchant, returned, scratch.Written, past.CallOf(returned.Leg, returned.N).Since));
        }
    }

    /// <param name="invoiceMayDiffer">The row's invoice is another one than that of the calculation, or nobody can tell: of a call that went without it that says nothing.</param>
    KnownCall CallOf(OrderPast past, Division division, CallKey call, KnownCallState state, bool invoiceMayDiffer)
    {
        var (settled, known, invoice) = (past.State.Settled!, past.CallOf(call.Leg, call.N), past.InvoiceOf(call));
        scratch.Clear();
        var invoiceAt = state is KnownCallState.Open or KnownCallState.DeadLettered || invoice.LeftOut
            ? CallBodies.Write(scratch, past.Order, past.State, division, new(call.Leg, call.N, call.Returns))
            : 0;
        return new(call, state, past.State.Merchant, settled.Lane, past.State.DueAtOf(call.N))
        {
            Attempts = known.Attempts, AttemptsBefore = known.AttemptsBefore, Reason = known.Reason, Since = known.Since, KeyAccount = settled.KeyAccount,
            Body = scratch.Written.ToArray(), InvoiceAt = invoiceAt, InvoiceLeftOut = invoice.LeftOut, InvoiceDelivered = invoice.Delivered,
            BodyMayDiffer = invoiceMayDiffer && !invoice.LeftOut && call.Leg is Leg.Verification or Leg.Tax,
        };
    }

    /// <summary>A leg that a person gave up after its system had undone it is discarded; its call is confirmed for ever.</summary>
    static KnownCallState? StateOf(LegState leg, CallPast call) => leg switch
    {
        LegState.Discarded when call.IsConfirmed => KnownCallState.Confirmed,
        LegState.Sent => KnownCallState.Open,
        LegState.Confirmed or LegState.Returned => KnownCallState.Confirmed,
        LegState.DeadLettered => KnownCallState.DeadLettered,
        LegState.Discarded => KnownCallState.Discarded,
        _ => null,
    };

    (OpenOrders Orders, TaskTally Tally) ClockOf(int partition)
    {
        if (!clocks.TryGetValue(partition, out var clock))
        {
            var tallies = store(StoreNames.ClockTallies, partition);
            var tally = new TaskTally(tallies, ClockTally.Size);
            clock = (new(new(store(StoreNames.OpenOrders, partition), store(StoreNames.OpenOrdersByDue, partition)), new(tallies), tally.Numbers), tally);
            clocks.Add(partition, clock);
        }

        return clock;
    }

    (Settlements Settlements, TaskTally Tally) SettleOf(int partition)
    {
        if (!settles.TryGetValue(partition, out var settle))
        {
            var tally = new TaskTally(store(StoreNames.SettleTallies, partition), SettleTally.Size);
            var payouts = store(StoreNames.WaitingPayouts, partition);
            settle = (
                new(
                    new(store(StoreNames.Settlements, partition), store(StoreNames.SettlementsByDue, partition)), store(StoreNames.Divisions, partition), new(store(StoreNames.HeldOrders, partition)),
                    new(payouts, new(payouts)), tally.Numbers),
                tally);
            settles.Add(partition, settle);
        }

        return settle;
    }
}
