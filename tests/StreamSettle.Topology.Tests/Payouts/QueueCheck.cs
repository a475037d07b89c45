using StreamSettle.Streams.Stores;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Payouts;
using StreamSettle.Topology.Settle;

namespace StreamSettle.Topology.Tests.Payouts;

/// <summary>The store of payouts that wait has what the settlements say, and nothing else; and so have the sums that others see.</summary>
static class QueueCheck
{
    /// <returns>How many splits wait.</returns>
    public static int Check(TestBench bench)
    {
        var waiting = 0;
        for (var partition = 0; partition < bench.Partitions; partition++)
        {
            var store = new SortedStore();
            var fresh = new WaitingPayouts(store, new(store));
            using (var scan = bench.Driver.Store(StoreNames.Settlements, partition).Scan([], []))
            {
                while (scan.MoveNext())
                {
                    var kept = KeptSettlementCodec.Read(OrderKey.Read(scan.Key), scan.Value);
                    waiting += kept.State.Settled?.Deferred is null ? 0 : 1;
                    fresh.Move(kept.Order, null, kept.State);
                }
            }

            using var actual = bench.Driver.Store(StoreNames.WaitingPayouts, partition).Scan([], []);
            using var expected = store.Scan([], []);
            Assert.Equal(Entries(expected), Entries(actual));
        }

        var seen = bench.Tallies.Payouts;
        Assert.Equal(waiting, bench.Tallies.Settle.PayoutsWaiting);
        Assert.Equal(waiting, seen.Due.Sum(due => due.Sum.Count) + seen.Gathering.Sum(one => one.Sum.Count));
        return waiting;
    }

    /// <summary>Which groups are being let go is all that the store knows by itself, and a deadline goes with that.</summary>
    static List<string> Entries(StoreScan scan)
    {
        List<string> entries = [];
        while (scan.MoveNext())
        {
            if (scan.Key[0] is PayoutKeys.Open or PayoutKeys.Deadline)
            {
                continue;
            }

            var value = scan.Key[0] == PayoutKeys.Group ? Text(PayoutGroup.Read(scan.Value)) : Convert.ToHexString(scan.Value);
            entries.Add($"{Convert.ToHexString(scan.Key)} {value}");
        }

        return entries;
    }

    static string Text(PayoutGroup group) => $"{group.Count} {group.Sum}";
}
