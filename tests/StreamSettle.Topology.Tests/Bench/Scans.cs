using StreamSettle.Connectors.Debezium;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Changes;
using StreamSettle.Topology.Names;

namespace StreamSettle.Topology.Tests.Bench;

/// <summary>What a scan of the source brings, on the bench.</summary>
static class Scans
{
    /// <summary>The row was read again at a point of the source; by default behind everything that was written so far.</summary>
    public static void Scan(this TestBench bench, ShopOrder order, long? point = null)
    {
        var buffer = new ByteBuffer();
        new OrderChangeSerde().Write(
            new() { Op = ChangeOp.Upsert, Id = new(order.Id), Position = ChangePosition.Scanned(point ?? bench.LastLsn + 1), CommittedAt = bench.Now, TxId = 1, Row = order.ToRow() }, new(buffer));
        bench.Driver.Pipe(Topics.Orders(TestBench.Prefix), TestBench.KeyOf(order.Id), buffer.Written.ToArray(), bench.Now.Microseconds / 1000);
    }
}
