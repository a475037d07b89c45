using StreamSettle.Streams.Topologies;
using StreamSettle.Topology.Clock;
using StreamSettle.Topology.Names;

namespace StreamSettle.Topology.Tests.Marks;

/// <summary>Clock tasks of one group run in several processes: each gate opens by what its own say and what the others report.</summary>
public sealed class SharedGateTests : IDisposable
{
    const int Own = 0;
    const int Others = 1;

    static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    readonly TestBench bench = new(new() { Partitions = 2, Silence = Silence, Settings = new() { PunctuationInterval = Second } });
    readonly FiringGate gate;

    public SharedGateTests()
    {
        gate = new(bench.Guard, bench.Time, Silence);
        gate.BeginsAnew(Own);
    }

    public void Dispose() => bench.Dispose();

    [Fact]
    public void It_opens_once_the_tasks_elsewhere_report_to_have_processed_what_stood_in_the_source()
    {
        Read(10, 20);
        Assert.True(gate.IsShared);
        Assert.False(MayFire(at: 10));
        gate.Reported(Others, 19);
        Assert.False(MayFire(at: 10));
        gate.Reported(Others, 20);
        Assert.True(MayFire(at: 10));
        Assert.True(gate.MayRelease(out var epoch));
        Assert.Equal([10, 20], epoch.From);
    }

    [Fact]
    public void Partitions_elsewhere_in_which_nothing_happens_need_no_further_report()
    {
        gate.Reported(Others, 20);
        for (var second = 0; second < 60; second++)
        {
            Read(10 + second, 20);
            Assert.True(MayFire(at: 10 + second), $"after {second} s");
            bench.Time.Advance(Second);
        }
    }

    [Fact]
    public void A_partition_that_nobody_has_ever_written_to_needs_none_at_all()
    {
        Read(10, 0);
        Assert.True(MayFire(at: 10));
    }

    [Fact]
    public void A_process_that_reports_no_more_while_its_partitions_are_written_to_closes_the_gates_of_all()
    {
        for (var second = 0; second < 30; second++)
        {
            Read(10, 20 + second);
            if (second < 5)
            {
                gate.Reported(Others, 20 + second);
            }

            Assert.Equal(second < 4 + Silence.Seconds, MayFire(at: 10));
            bench.Time.Advance(Second);
        }

        Assert.Equal(ClosedBy.CatchingUp, Assert.Single(gate.Closed()).Kind);
    }

    [Fact]
    public void What_an_own_task_says_of_itself_is_not_set_back_by_its_reports_and_counts_no_more_once_it_has_left()
    {
        gate.Reported(Others, 20);
        Read(10, 20);
        Assert.True(MayFire(at: 10));
        gate.Reported(Own, 7);
        Assert.True(MayFire(at: 10));

        Read(30, 20);
        gate.Leaves(Own);
        Assert.True(gate.IsOpen, "what it had processed stays processed");
        bench.Time.Advance(Silence);
        Read(30, 20);
        Assert.False(gate.IsOpen, "who has it now has not reported yet");
        gate.Reported(Own, 30);
        Assert.True(gate.IsOpen);
    }

    [Fact]
    public void Ends_that_stand_within_a_transaction_prove_no_more_than_what_is_whole_below_them()
    {
        gate.Reported(Others, 20);
        gate.SourceRead(new(bench.Time.GetTimestamp(), [10, 20]) { WholeEnds = [6, 20] });
        Assert.False(gate.MayFire(Own, 9, out _, out var before));
        Assert.Equal(0, before);
        Assert.True(gate.MayFire(Own, 10, out var epoch, out var whole));
        Assert.Equal(6, whole);

        // Who reports from 6 on may not have processed what stood in the source when the gate opened: that ends at 10.
        Assert.Equal(10, epoch.From[Own]);
    }

    [Fact]
    public void While_tasks_run_elsewhere_every_progress_is_reported_also_while_nothing_fires()
    {
        var order = new ShopOrder(42) { CompletedAt = TestBench.Start };
        bench.Put(order);
        Live(3);
        Assert.Equal([1L], Reports().Select(report => report.ProvenEnd));
        bench.Put(order with { Gross = "1.00" });
        Live(3);
        Assert.Empty(Reports());

        // The task of another partition goes elsewhere, and has not reported from there.
        bench.Gate.Leaves(1 - Murmur2.Partition(TestBench.KeyOf(42), 2));
        bench.Put(order with { Gross = "2.00" });
        Live(3);
        Assert.Equal([3L], Reports().Select(report => report.ProvenEnd));

        bench.Gate.Press("the event log is behind");
        bench.Put(order with { Gross = "3.00" });
        Live(3);
        Assert.Equal([(4L, UtcInstant.MinValue)], Reports().Select(report => (report.ProvenEnd, report.Through)));

        bench.Gate.Press(null);
        Live(3);
        Assert.Equal([(4L, true)], Reports().Select(report => (report.ProvenEnd, report.Through > UtcInstant.MinValue)));
    }

    List<ClockReport.Fired> Reports() =>
        [.. bench.Driver.ReadOutput(Topics.ClockProgress).Select(record => new ClockReportSerde().Read(record.Value!)).OfType<ClockReport.Fired>()];

    bool MayFire(long at) => gate.MayFire(Own, at, out _, out _);

    void Read(params long[] ends) => gate.SourceRead(new(bench.Time.GetTimestamp(), ends));

    void Live(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            bench.SourceRead(bench.Time.GetTimestamp());
            bench.Advance(Second);
        }
    }
}
