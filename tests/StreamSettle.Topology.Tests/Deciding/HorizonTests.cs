using StreamSettle.Topology.Clock;
using StreamSettle.Topology.Settle;
using StreamSettle.Topology.Tests.Costs;

namespace StreamSettle.Topology.Tests.Deciding;

/// <summary>What the clock tasks report counts when everything that they wrote before it has been read.</summary>
public sealed class HorizonTests
{
    static readonly SourceEpoch Epoch = new([0, 0]);
    static readonly SourceEpoch Later = new([11, 11]);

    readonly LoneTask task = new(new Streams.Testing.VirtualTime(TestBench.Start.ToDateTimeOffset())) { At = 4, End = 5 };
    readonly ClockProgress progress = new(2);
    readonly SettleHorizon horizon;

    public HorizonTests() => horizon = new(task, progress, "due");

    [Fact]
    public void Settle_decides_by_no_proof_that_is_ahead_of_what_it_has_read()
    {
        progress.Fired(0, assignment: 1, provenEnd: 10, TestBench.Start);
        progress.Fired(1, assignment: 1, provenEnd: 0, TestBench.Start + TestBench.Day);
        horizon.Follow(Epoch);
        Assert.False(horizon.IsWhole(0, 6));
        Assert.Equal(UtcInstant.MinValue, horizon.Watermark);

        task.At = 5;
        horizon.Follow(Epoch);
        Assert.True(horizon.ProvesMore);
        Assert.Equal((true, false, false), (horizon.IsWhole(0, 10), horizon.IsWhole(0, 11), horizon.IsWhole(1, 1)));
        Assert.Equal(TestBench.Start, horizon.Watermark);
        horizon.Follow(Epoch);
        Assert.False(horizon.ProvesMore);
    }

    [Fact]
    public void It_begins_anew_when_the_gate_was_closed()
    {
        progress.Fired(0, assignment: 1, provenEnd: 10, TestBench.Start);
        progress.Fired(1, assignment: 1, provenEnd: 10, TestBench.Start);
        task.At = 5;
        horizon.Follow(Epoch);
        horizon.Follow(Later);
        Assert.Equal((false, UtcInstant.MinValue), (horizon.IsWhole(0, 1), horizon.Watermark));

        progress.Fired(0, assignment: 1, provenEnd: 11, TestBench.Start);
        horizon.Follow(Later);
        Assert.Equal((true, UtcInstant.MinValue), (horizon.IsWhole(0, 11), horizon.Watermark));
    }
}
