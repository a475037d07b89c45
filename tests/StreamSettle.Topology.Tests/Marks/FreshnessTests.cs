using StreamSettle.Schemas.Orders;
using StreamSettle.Topology.Clock;

namespace StreamSettle.Topology.Tests.Marks;

/// <summary>Nothing fires or is calculated while what stood in the source a moment ago is not known, whatever the reason.</summary>
public sealed class FreshnessTests : IDisposable
{
    static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>When the order's mark passes.</summary>
    static readonly TimeSpan Mark = TimeSpan.FromSeconds(60);

    readonly TestBench bench = new(new() { Silence = Silence, Settings = new() { PunctuationInterval = Second } });
    readonly ShopOrder order = new(42) { CompletedAt = TestBench.Start - TestBench.Day + Mark };

    public void Dispose() => bench.Dispose();

    long Now => bench.Time.GetTimestamp();

    /// <summary>Time passes, and every other second the source is read up to where it stands.</summary>
    void Live(TimeSpan during)
    {
        for (var at = TimeSpan.Zero; at < during; at += Second)
        {
            if (at.Seconds % 2 == 0)
            {
                bench.SourceRead(Now);
            }

            bench.Advance(Second);
        }
    }

    [Fact]
    public void While_the_source_is_heard_marks_fire()
    {
        bench.Put(order);
        Live(Mark + Silence);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
        Assert.Empty(bench.Gate.Closed());
    }

    [Fact]
    public void A_cancellation_that_is_read_after_a_silence_over_the_mark_counts()
    {
        bench.Put(order);
        bench.Put(order with { Id = 43 });
        Live(Mark - Silence - Second);
        bench.Advance(Silence * 3);
        Assert.Equal(["SettlementScheduled"], bench.Told(42));
        var silent = Assert.Single(bench.Gate.Closed());
        Assert.Equal(ClosedBy.Silence, silent.Kind);
        Assert.Contains("has not been heard from for 31 s", silent.Text, StringComparison.Ordinal);

        bench.Put(order with { Status = OrderStatus.Cancelled });
        bench.Advance(Second);
        Assert.Equal(["SettlementScheduled"], bench.Told(43));
        Live(Silence);
        Assert.Equal(["SettlementScheduled", "SettlementCancelled"], bench.Told(42));
        Assert.Equal("SettlementCompleted", bench.Told(43)[^1]);
    }

    [Fact]
    public void While_a_change_waits_for_its_schema_nothing_fires_nor_before_what_came_meanwhile_is_processed()
    {
        bench.Put(order);
        Live(Mark - Second);
        bench.Gate.SchemasStand(new(ClosedBy.SchemaUnknown, "a change waits for schema 7"));
        Live(Silence);
        Assert.Equal(["SettlementScheduled"], bench.Told(42));
        Assert.Contains("a change waits for schema 7", bench.Gate.Reasons());

        bench.Gate.SchemasStand(null);
        bench.Put(order with { Status = OrderStatus.Cancelled });
        bench.Advance(Second);
        Assert.Equal(ClosedBy.CatchingUp, Assert.Single(bench.Gate.Closed()).Kind);
        Live(Silence);
        Assert.Equal(["SettlementScheduled", "SettlementCancelled"], bench.Told(42));
        Assert.Empty(bench.Gate.Closed());
    }

    [Fact]
    public void A_point_from_before_the_gate_closed_does_not_open_it_however_young()
    {
        bench.Put(order);
        Live(Mark - Second);
        var before = Now;
        bench.Advance(TimeSpan.FromTicks(1));
        bench.Gate.SourceStands(new(ClosedBy.SourceLost, "cut"));
        bench.Gate.SourceStands(null);
        bench.SourceRead(before);
        bench.Advance(Silence / 2);
        Assert.Equal(["SettlementScheduled"], bench.Told(42));
        Assert.Equal(ClosedBy.CatchingUp, Assert.Single(bench.Gate.Closed()).Kind);
        Live(Silence);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
    }

    [Fact]
    public void A_source_that_is_known_to_be_lost_stops_firing_at_once_and_says_so()
    {
        bench.Put(order);
        Live(Mark - Second);
        bench.Gate.SourceStands(new(ClosedBy.SourceLost, "the source cannot be reached"));
        Live(Silence);
        Assert.Equal(["SettlementScheduled"], bench.Told(42));
        Assert.Equal(["the source cannot be reached"], bench.Gate.Reasons());
    }

    [Fact]
    public void An_order_that_was_handed_over_before_the_source_was_lost_is_not_calculated_before_the_changes_read_meanwhile_have_come_to_settle()
    {
        bench.Put(order);
        Live(Mark);
        while (!bench.Told(42).Contains("SettlementDue"))
        {
            Live(Second);
        }

        Assert.DoesNotContain("SettlementCalculated", bench.Told(42));
        bench.Gate.SourceStands(new(ClosedBy.SourceLost, "cut"));
        bench.Advance(Silence);
        bench.Gate.SourceStands(null);
        bench.Put(order with { Status = OrderStatus.Cancelled }, run: false);
        Live(Silence);
        Assert.Equal(["SettlementScheduled", "SettlementDue", "SettlementCancelled"], bench.Told(42));
    }

    [Fact]
    public void A_process_that_stood_still_over_the_mark_reads_the_source_before_it_fires()
    {
        bench.Put(order);
        bench.Put(order with { Id = 43 });
        Live(Mark - Second);
        bench.Time.Advance(Silence * 6);
        bench.Driver.RunUntilIdle();
        bench.Put(order with { Status = OrderStatus.Cancelled }, run: false);
        Live(Silence);
        Assert.Equal(["SettlementScheduled", "SettlementCancelled"], bench.Told(42));
        Assert.Equal("SettlementCompleted", bench.Told(43)[^1]);
    }

    [Fact]
    public void A_clock_that_is_behind_the_source_by_more_than_the_bound_does_not_fire()
    {
        bench.Put(order);
        Live(Mark - Silence - Second);
        for (var i = 0; i < 30; i++)
        {
            bench.SourceRead(Now, more: 1);
            bench.Advance(Second);
        }

        Assert.Equal(["SettlementScheduled"], bench.Told(42));
        Assert.Equal(ClosedBy.CatchingUp, Assert.Single(bench.Gate.Closed()).Kind);
        Live(Silence);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
    }

    [Fact]
    public void Points_that_are_always_a_little_ahead_of_the_clock_keep_the_gate_open()
    {
        var freshness = new SourceFreshness(bench.Time, Silence);
        freshness.Begin(0);
        for (var offset = 0; offset < 100; offset++)
        {
            freshness.Expire();
            freshness.Heard(new(Now, [offset + 3]));
            freshness.Processed(0, offset);
            Assert.Equal(offset >= 3, freshness.IsFresh);
            Assert.Equal(offset >= 3 ? [3L] : null, freshness.Epoch?.From);
            bench.Time.Advance(Second);
        }
    }

    [Fact]
    public void A_task_that_is_set_back_behind_what_it_had_processed_proves_nothing_any_more()
    {
        var freshness = new SourceFreshness(bench.Time, Silence);
        freshness.Begin(0);
        freshness.Begin(1);
        freshness.Heard(new(Now, [5, 5]));
        freshness.Processed(0, 5);
        Assert.False(freshness.IsFresh);
        freshness.Processed(1, 5);
        Assert.True(freshness.IsFresh);
        freshness.Processed(0, 4);
        Assert.False(freshness.IsFresh);
        Assert.Null(freshness.Epoch);
    }

    [Fact]
    public void A_point_that_may_stand_within_a_transaction_shows_what_was_read_but_decides_nothing_behind_its_whole_part()
    {
        bench.Put(order);
        bench.Put(order with { Id = Other });
        Live(Mark - Second);
        bench.Put(order with { Refunded = "10.0000" });

        ReadWithin(less: 1);
        Assert.Empty(bench.Gate.Closed());
        Assert.Equal("SettlementRescheduled", bench.Told(42)[^1]);
        ReadWithin(less: 1);
        Assert.Equal("SettlementRescheduled", bench.Told(42)[^1]);

        ReadWithin(less: 0);
        ReadWithin(less: 0);
        Assert.Equal(1_000, bench.Only<SettlementCalculated>(42).Refunded);
    }

    [Fact]
    public void A_gate_that_opened_within_a_transaction_releases_what_is_due_once_a_later_point_is_whole_up_to_there()
    {
        bench.Put(order);
        Live(Mark - Silence);
        bench.Advance(Silence * 3);
        Assert.Equal(ClosedBy.Silence, Assert.Single(bench.Gate.Closed()).Kind);
        bench.Put(order with { Id = Other, CompletedAt = TestBench.Start + Mark });

        ReadWithin(less: 1);
        Assert.Empty(bench.Gate.Closed());
        Assert.DoesNotContain("SettlementCalculated", bench.Told(42));
        ReadWithin(less: 0);
        Assert.Contains("SettlementCalculated", bench.Told(42));
    }

    /// <summary>Of the same partition as the order.</summary>
    static long Other => Enumerable.Range(43, 1_000).First(id => PartitionOf(id) == PartitionOf(42));

    static int PartitionOf(long id) => Streams.Topologies.Murmur2.Partition(TestBench.KeyOf(id), 2);

    /// <summary>The source is read, and of the order's partition the last records may be of a transaction whose rest is still to come.</summary>
    void ReadWithin(long less)
    {
        bench.SourceRead(Now, End, wholeOf: partition => Math.Max(0, End(partition) - (partition == PartitionOf(42) ? less : 0)));
        bench.Advance(Second * 2);
        long End(int partition) => bench.Log.EndOffset(new(Names.Topics.Orders(TestBench.Prefix), partition));
    }
}
