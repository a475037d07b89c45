using System.Text;
using StreamSettle.Delivery.Rebuilding;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Schemas.Changes;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Topologies;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Rebuilding;

namespace StreamSettle.Topology.Tests.Bench;

/// <summary>What <c>run --rebuild</c> does, on the bench.</summary>
static class Rebuilds
{
    /// <summary>A merchant that the source has beside the bench's own; a test that wants it before puts it.</summary>
    public const long KeyAccount = 438;

    /// <summary>The state is lost and made anew from the facts, then the source is read as a whole.</summary>
    /// <param name="rows">Those that the source has now.</param>
    public static void Rebuild(this TestBench bench, params ShopOrder[] rows)
    {
        bench.LoseState(log => Fill(bench, log, rows));
        bench.ReadSource(rows);
    }

    /// <summary>The same, where the event log has kept what people hold.</summary>
    public static void RebuildKeepingHolds(this TestBench bench, params ShopOrder[] rows)
    {
        Hold[] kept = [.. bench.Holds.Current.All];
        bench.LoseState(log => Fill(bench, log, rows, kept));
        bench.ReadSource(rows);
    }

    /// <summary>The state is lost and made anew, and the source is not read yet.</summary>
    public static void RebuildUnread(this TestBench bench, params ShopOrder[] rows) => bench.LoseState(log => Fill(bench, log, rows));

    /// <summary>The source is read as a whole: rows at one point, then a sweep there.</summary>
    public static void ReadSource(this TestBench bench, params ShopOrder[] rows)
    {
        bench.PutMerchant(TestBench.Merchant);
        bench.PutMerchant(KeyAccount, "KA");
        bench.PutPromoter(9003, null);
        bench.PutPromoter(9002, 9003);
        bench.PutPromoter(9001, 9002);
        var point = bench.LastLsn + 1;
        foreach (var row in rows)
        {
            bench.Put(row, position: point, streamed: false);
        }

        bench.SweepOrders(ChangePosition.Snapshot(point));
        bench.OpenGate();
        bench.Read();
    }

    static void Fill(TestBench bench, IStreamLog log, ShopOrder[] rows, params Hold[] kept)
    {
        using var filling = new LogFilling(log, "rebuild");
        Fill(bench, filling, rows, kept, letter => Append(bench, filling, Topics.DeadLetters, letter.Id, letter.Write));
        filling.Commit();
    }

    /// <summary>Fills stores and topics by what the event log has now.</summary>
    /// <param name="kept">Holds that it keeps beside the facts.</param>
    /// <param name="open">Takes the dead letters.</param>
    public static void Fill(TestBench bench, LogFilling filling, ShopOrder[] rows, Hold[] kept, Action<DeadLetter> open)
    {
        var settlements = new SettlementRebuild(filling.Store, bench.Partitions, bench.Settings, open, bench.Now) { KnownHolds = kept.Select(hold => hold.Id).ToHashSet(StringComparer.Ordinal) };
        var calls = new CallRebuild(filling.Store, open);
        foreach (var order in bench.Facts.Orders.ToList())
        {
            var invoice = Encoding.UTF8.GetBytes(rows.FirstOrDefault(row => row.Id == order)?.Invoice ?? "");
            foreach (var call in settlements.Add(OrderPast.Of(new(order), bench.Events(order)), Murmur2.Partition(TestBench.KeyOf(order), bench.Partitions), invoice))
            {
                calls.Add(call, settlements.PartitionOf(call.Merchant));
            }
        }

        foreach (var hold in kept.Concat(settlements.Holds))
        {
            Append(bench, filling, Topics.Holds, hold.Id, hold.Write);
        }

        calls.Enqueue();
        settlements.Finish();
    }

    static void Append(TestBench bench, LogFilling filling, string topic, string id, Action<ByteWriter> write)
    {
        var value = new ByteBuffer();
        write(new(value));
        var key = Encoding.UTF8.GetBytes(id);
        filling.Append(new(topic, Murmur2.Partition(key, bench.Partitions)), bench.Now.Microseconds / 1_000, key, value.Written);
    }
}
