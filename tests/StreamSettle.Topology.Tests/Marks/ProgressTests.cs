using StreamSettle.Kernel.Bytes;
using StreamSettle.Streams.Topologies;
using StreamSettle.Topology.Clock;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Serdes;

namespace StreamSettle.Topology.Tests.Marks;

/// <summary>What clock tasks report counts by the task that is there now and by what it had read, whoever says it and whatever any machine's clock shows.</summary>
public sealed class ProgressTests : IDisposable
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // One order a second.
    readonly TestBench bench = new(new() { Settings = new() { PunctuationInterval = Second, MaxFired = 1 } });
    readonly ByteBuffer buffer = new();

    public void Dispose() => bench.Dispose();

    long End(int partition) => bench.Log.EndOffset(new(Topics.Orders(TestBench.Prefix), partition));

    static int PartitionOf(long order) => Murmur2.Partition(TestBench.KeyOf(order), 2);

    byte[] Bytes(Action<ByteWriter> write)
    {
        buffer.Clear();
        write(new(buffer));
        return buffer.Written.ToArray();
    }

    byte[] Key(int partition) => Bytes(to => new PartitionSerde().Write(partition, to));

    void Report(int partition, ClockReport report) =>
        bench.Driver.Pipe(Topics.ClockProgress, Key(partition), Bytes(to => new ClockReportSerde().Write(report, to)), bench.Now.Microseconds / 1000);

    ClockReport Kept(int partition)
    {
        Assert.True(bench.Driver.GlobalStore(StoreNames.ClockProgress).TryGet(Key(partition), out var report));
        return new ClockReportSerde().Read(report);
    }

    static long AssignmentOf(ClockReport report) => report switch
    {
        ClockReport.Began began => began.Assignment,
        ClockReport.Fired fired => fired.Assignment,
        _ => throw new InvalidOperationException(),
    };

    /// <summary>Settle has an order of partition 0; the clock of partition 1 has more with an older mark than it fires in two minutes. Both were taken over twice.</summary>
    void HoldBack()
    {
        bench.PutMerchant(OtherMerchant);
        bench.Put(new(Held));
        Enumerable.Range(1, 1_000).Where(id => PartitionOf(id) == 1).Take(120).ToList()
            .ForEach(id => bench.Put(new(id) { Merchant = OtherMerchant, CompletedAt = TestBench.Start - Second }));
        bench.Advance(TestBench.Day - Second * 2);
        bench.Restart();
        bench.Advance(Second * 10);
        Assert.Equal(["SettlementScheduled", "SettlementDue"], bench.Told(Held));
    }

    /// <summary>Of the other settle task, which calculates its own orders one by one.</summary>
    static long OtherMerchant => Enumerable.Range(1, 1_000).First(id => SettlesIn(id) != SettlesIn(TestBench.Merchant));

    static int SettlesIn(long merchant)
    {
        Span<byte> key = stackalloc byte[sizeof(long)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(key, merchant);
        return Murmur2.Partition(key, 2);
    }

    static long Held => Enumerable.Range(1, 1_000).First(id => PartitionOf(id) == 0);

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(-1, 0, false)]
    [InlineData(0, -1, false)]
    public void A_report_releases_only_if_it_is_of_the_present_task_and_from_where_the_gate_opened(int assignment, int position, bool released)
    {
        HoldBack();
        var present = AssignmentOf(Kept(1));
        Report(1, new ClockReport.Fired(present + assignment, End(1) + position, UtcInstant.MaxValue, null));
        bench.Driver.AdvanceTime(Second);
        Assert.Equal(released, bench.Told(Held).Contains("SettlementCalculated"));
        Assert.Equal(present, AssignmentOf(Kept(1)));
        bench.Advance(TestBench.Settling);
        Assert.Equal("SettlementCompleted", bench.Told(Held)[^1]);
    }

    [Fact]
    public void A_clock_task_says_in_its_first_commit_that_it_has_begun_and_counts_on_from_who_had_the_partition_before()
    {
        HoldBack();
        var before = AssignmentOf(Kept(0));
        bench.Driver.ReadOutput(Topics.ClockProgress);
        bench.Restart();
        bench.Put(new(Held) { Refunded = "1.0000" });
        var records = bench.Driver.ReadOutput(Topics.ClockProgress).Select(record => new ClockReportSerde().Read(record.Value!)).ToList();
        Assert.Contains(new ClockReport.Began(before + 1), records);
        Assert.Equal(new ClockReport.Began(before + 1), Kept(0));
    }

    [Fact]
    public void The_gate_opens_by_what_this_run_was_told_of_the_source_and_by_no_other_record()
    {
        bench.Restart(open: false);
        bench.SourceRead(bench.Time.GetTimestamp(), End, by: "another run");
        bench.Advance(Second * 2);
        Assert.Equal(ClosedBy.Start, Assert.Single(bench.Gate.Closed()).Kind);
        bench.SourceRead(bench.Time.GetTimestamp());
        bench.Advance(Second * 2);
        Assert.Empty(bench.Gate.Closed());
    }
}
