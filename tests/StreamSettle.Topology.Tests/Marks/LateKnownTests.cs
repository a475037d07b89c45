using StreamSettle.Kernel.Bytes;
using StreamSettle.Streams.Topologies;
using StreamSettle.Topology.Clock;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Serdes;

namespace StreamSettle.Topology.Tests.Marks;

/// <summary>Orders that become known after their marks, which all clock tasks have reported as passed long ago: none is calculated before an older one that waits in another task (I5).</summary>
public sealed class LateKnownTests : IDisposable
{
    static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    static readonly TimeSpan Minutes = TimeSpan.FromMinutes(3);

    readonly TestBench bench = new();

    public void Dispose() => bench.Dispose();

    static long In(int partition, int nth = 0) => Enumerable.Range(1, 1_000).Where(id => Murmur2.Partition(TestBench.KeyOf(id), 2) == partition).ElementAt(nth);

    static ShopOrder Late(long id, TimeSpan before) => new(id) { CompletedAt = TestBench.Start - before };

    long End(int partition) => bench.Log.EndOffset(new(Topics.Orders(TestBench.Prefix), partition));

    UtcInstant Reported(int partition)
    {
        var key = new ByteBuffer();
        new PartitionSerde().Write(partition, new(key));
        Assert.True(bench.Driver.GlobalStore(StoreNames.ClockProgress).TryGet(key.Written, out var report));
        return Assert.IsType<ClockReport.Fired>(new ClockReportSerde().Read(report)).Through;
    }

    void PassAMark()
    {
        bench.Put(new(In(0, nth: 1)));
        bench.PassMark();
        Assert.All([0, 1], partition => Assert.True(Reported(partition) >= TestBench.Start + TestBench.Day));
    }

    [Fact]
    public void None_overtakes_one_that_waits_in_another_task_for_the_end_of_its_transaction()
    {
        PassAMark();
        var (older, younger, end) = (In(0), In(1), End(0));
        bench.Put(Late(older, 2 * Hour));
        bench.Driver.AdvanceTime(Minutes);

        // Of the other partition all is whole, up to before the older one was changed.
        bench.Put(Late(younger, Hour));
        bench.SourceRead(bench.Time.GetTimestamp(), partition => partition == 0 ? end : End(1));
        bench.Driver.AdvanceTime(Minutes);
        Assert.Equal("SettlementDue", bench.Told(younger)[^1]);

        bench.Advance(TestBench.Settling);
        Assert.Equal([older, younger], bench.Calls().Where(call => call.Key.Leg == Leg.Verification).Select(call => call.Key.Order.Value).Where(order => order == older || order == younger));
    }

    [Fact]
    public void While_nothing_may_fire_no_mark_is_reported_as_passed_and_afterwards_they_are_again()
    {
        PassAMark();
        bench.Gate.Press("the event log is behind");
        bench.Advance(Minutes);
        Assert.All([0, 1], partition => Assert.Equal(UtcInstant.MinValue, Reported(partition)));
        var reports = bench.Log.EndOffset(new(Topics.ClockProgress, 0));
        bench.Driver.AdvanceTime(Minutes);
        Assert.Equal(reports, bench.Log.EndOffset(new(Topics.ClockProgress, 0)));

        var id = In(1);
        bench.Put(Late(id, Hour));
        bench.Gate.Press(null);
        bench.Advance(TestBench.Settling);
        Assert.Equal("SettlementCompleted", bench.Told(id)[^1]);
        Assert.All([0, 1], partition => Assert.True(Reported(partition) > TestBench.Start + TestBench.Day));
    }
}
