using StreamSettle.Delivery.Calls;
using StreamSettle.Delivery.Processing;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Testing;
using StreamSettle.Topology.Clock;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Settle;

namespace StreamSettle.Topology.Tests.Rebuilding;

/// <summary>
/// What a rebuild would make of the event log at this moment is what the stores have: order by order, call by call. Where it may differ is said where it is passed over,
/// and in docs/operations.md.
/// </summary>
static class RebuiltCheck
{
    /// <param name="rows">Those that the source has now.</param>
    public static void Check(TestBench bench, params ShopOrder[] rows)
    {
        using var filling = new LogFilling(new MemoryLog(), "check");
        List<DeadLetter> letters = [];
        Rebuilds.Fill(bench, filling, rows, [.. bench.Holds.Current.All], letters.Add);
        for (var partition = 0; partition < bench.Partitions; partition++)
        {
            Assert.Equal(Marks(bench.Driver.Store(StoreNames.OpenOrders, partition)), Marks(filling.Store(StoreNames.OpenOrders, partition)));
            Assert.Equal(Settled(bench.Driver.Store(StoreNames.Settlements, partition)), Settled(filling.Store(StoreNames.Settlements, partition)));
            Assert.Equal(Bytes(bench.Driver.Store(StoreNames.Divisions, partition)), Bytes(filling.Store(StoreNames.Divisions, partition)));
            Assert.Equal(Bytes(bench.Driver.Store(StoreNames.HeldOrders, partition)), Bytes(filling.Store(StoreNames.HeldOrders, partition)));
            foreach (var leg in SettlementTopology.Calls)
            {
                var name = new DeliveryNames(leg).Store;
                Calls(leg, Copy(bench.Driver.Store(name, partition), filling.Store($"present-{name}", partition)), filling.Store(name, partition));
            }
        }

        Assert.Equal(Letters(bench.DeadLetters()), Letters(letters));
    }

    /// <summary>Orders that wait for their mark or for a person, or were handed over.</summary>
    static List<string> Marks(IReadOnlyKeyValueStore store)
    {
        List<string> found = [];
        using var scan = store.Scan([], []);
        while (scan.MoveNext())
        {
            var (order, state) = (OrderKey.Read(scan.Key), OpenOrder.Read(scan.Value).State);
            if (state.Stage is PendingStage.Scheduled or PendingStage.Refused or PendingStage.HandedOver)
            {
                found.Add($"{order} {state.Stage} {state.Merchant} {state.DueAt} {state.Refusal}");
            }
        }

        return found;
    }

    static List<string> Settled(IReadOnlyKeyValueStore store)
    {
        List<string> found = [];
        using var scan = store.Scan([], []);
        while (scan.MoveNext())
        {
            var (kept, bytes) = (KeptSettlementCodec.Read(OrderKey.Read(scan.Key), scan.Value), new ByteBuffer());
            SettlementCodec.Write(new(bytes), kept.State);
            found.Add($"{kept.Order} {Convert.ToHexString(bytes.Written)} held by {string.Join(',', kept.State.Held)}, changed key {kept.Books.Order.KeyChanged}");
        }

        return found;
    }

    static List<string> Bytes(IReadOnlyKeyValueStore store)
    {
        List<string> found = [];
        using var scan = store.Scan([], []);
        while (scan.MoveNext())
        {
            found.Add($"{Convert.ToHexString(scan.Key)} {Convert.ToHexString(scan.Value)}");
        }

        return found;
    }

    /// <summary>What is only to be read, where it can be read as its owner does.</summary>
    static IKeyValueStore Copy(IReadOnlyKeyValueStore from, IKeyValueStore to)
    {
        using var scan = from.Scan([], []);
        while (scan.MoveNext())
        {
            to.Put(scan.Key, scan.Value);
        }

        return to;
    }

    static void Calls(Leg leg, IKeyValueStore present, IKeyValueStore rebuilt)
    {
        var (now, made) = (new CallStore(present, leg), new CallStore(rebuilt, leg));
        var keys = Keys(present, leg);
        foreach (var key in keys)
        {
            Assert.True(made.TryLoad(key, out var state), $"{key} is not made anew");
            Call(key, (now, now.Load(key)), (made, state));
        }

        // Legs that fell with another were never given to delivery; a tombstone keeps them from it.
        Assert.All(Keys(rebuilt, leg).Except(keys), key => Assert.Equal(CallPhase.Discarded, made.Load(key).Phase));
        Assert.Equal(now.CountDead(), made.CountDead());
    }

    static void Call(CallKey key, (CallStore Store, CallState State) now, (CallStore Store, CallState State) made)
    {
        var (state, other) = (now.State, made.State);
        Assert.True(Standing(state) == Standing(other), $"{key} is {state}, and was made {other}");
        if (Standing(state) == "over")
        {
            Assert.Equal((key, state.Phase, state.Phase == CallPhase.Confirmed && state.LeavesOutInvoice), (key, other.Phase, other.Phase == CallPhase.Confirmed && other.LeavesOutInvoice));
            return;
        }

        Assert.Equal((key, state.Merchant, state.Lane, state.DueAt, state.KeyAccount), (key, other.Merchant, other.Lane, other.DueAt, other.KeyAccount));

        // An attempt whose outcome nobody knows yet is on no record; of a call that was never attempted it may have been decided that the invoice is left out, and may yet be decided otherwise.
        Assert.InRange(other.Attempts, 0, state.Attempts);
        Assert.Equal((key, Text(Given(now.Store, key, state))), (key, Text(Given(made.Store, key, other))));
        if (state.Attempts == other.Attempts && state.Attempts > 0)
        {
            Assert.Equal((key, Text(now.Store.Body(key, state))), (key, Text(made.Store.Body(key, other))));
        }
    }

    /// <summary>The bytes as settle gave them.</summary>
    static byte[] Given(CallStore store, CallKey key, in CallState state) => store.Body(key, state with { Phase = CallPhase.Waiting, Invoice = InvoiceFate.InBody });

    /// <summary>That a person gives a dead letter up is on record when it is known what becomes of it: until then it is one.</summary>
    static string Standing(in CallState state) => state switch
    {
        { IsOwingInvoice: true } => "owes its invoice",
        { Phase: CallPhase.DeadLettered } or { IsBeingDiscarded: true } => "dead letter",
        { IsOver: true } => "over",
        _ => "open",
    };

    static List<CallKey> Keys(IKeyValueStore store, Leg leg)
    {
        List<CallKey> keys = [];
        using var scan = store.Scan([(byte)'C'], [(byte)'D']);
        while (scan.MoveNext())
        {
            keys.Add(StoredCallKey.Read(scan.Key[1..], leg));
        }

        return keys;
    }

    /// <summary>Of a refused order the row that it was refused for is lost.</summary>
    static IEnumerable<string> Letters(IEnumerable<DeadLetter> letters) => letters
        .Select(letter => $"{letter.Id} {letter.Stage} {letter.OrderId} {letter.MerchantId} {letter.Reason} {(letter.Stage == Leg.Calculation.Name() ? "" : Text(letter.Payload))}")
        .Order(StringComparer.Ordinal);

    static string Text(byte[] body) => System.Text.Encoding.UTF8.GetString(body);
}
