namespace StreamSettle.Topology.Tests.Marks;

/// <summary>How long after its mark an order is calculated, when orders fall due one after another in all partitions.</summary>
public sealed class LatenessTests : IDisposable
{
    const int Orders = 40;

    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan Phase = TimeSpan.FromMilliseconds(20);

    readonly TestBench bench = new(new() { Partitions = 4, Settings = new() { PunctuationInterval = Interval, ReleasePhase = Phase } });

    public void Dispose() => bench.Dispose();

    [Fact]
    public void What_fires_in_one_task_is_released_a_phase_later_because_all_report_at_once()
    {
        var firstMark = TestBench.Start + TimeSpan.FromSeconds(10);
        for (var i = 0; i < Orders; i++)
        {
            bench.Put(new(1 + i) { CompletedAt = firstMark + Interval * i - TestBench.Day });
        }

        bench.Advance(TimeSpan.FromSeconds(10) + Interval * (Orders + 2));

        // The first ones find the others silent, who answer at their next look.
        Assert.All(Enumerable.Range(2, Orders - 2), i => Assert.Equal(firstMark + Interval * i + Phase, UtcInstant.Parse(bench.Only<SettlementCalculated>(1 + i).RecordedAt)));
    }

    [Fact]
    public void A_single_order_is_released_once_the_others_were_asked()
    {
        bench.Put(new(1) { CompletedAt = TestBench.Start + TimeSpan.FromSeconds(10) - TestBench.Day });

        bench.Advance(TimeSpan.FromSeconds(10) + Interval + Phase);

        Assert.Equal(TestBench.Start + TimeSpan.FromSeconds(10) + Interval + Phase, UtcInstant.Parse(bench.Only<SettlementCalculated>(1).RecordedAt));
    }
}
