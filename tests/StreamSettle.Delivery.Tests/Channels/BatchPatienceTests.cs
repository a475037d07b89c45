using StreamSettle.Delivery.Channels;
using Xunit;

namespace StreamSettle.Delivery.Tests.Channels;

public class BatchPatienceTests
{
    static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    [Fact]
    public void A_lane_that_is_alone_waits_for_nobody()
    {
        const int Calls = 200;
        var world = new LaneWorld(batchSize: 100, latency: Millisecond, Millisecond);
        world.Add(merchant: 1, Calls);

        // A commit and a request each, and one wait in vain.
        Assert.InRange(world.Drain(), Calls * 2 * Millisecond, Calls * 2 * Millisecond + 2 * BatchPatience.Linger);
        Assert.Equal(Calls, world.Requests.Count);
    }

    [Fact]
    public void A_few_lanes_do_not_wait_for_each_other()
    {
        const int Calls = 200;
        var world = new LaneWorld(batchSize: 100, latency: 2 * Millisecond, Millisecond, Millisecond);
        for (var merchant = 1; merchant <= 5; merchant++)
        {
            world.Add(merchant, Calls);
        }

        // Each may find the commit of its thread begun.
        Assert.InRange(world.Drain(), Calls * 3 * Millisecond, Calls * 4 * Millisecond + 4 * BatchPatience.Linger);
    }

    /// <summary>Sending at once whenever nothing is under way gives such a system a request for whatever each commit brings, for ever.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.2)]
    [InlineData(3)]
    [InlineData(20)]
    public void However_soon_a_system_answers_many_lanes_share_their_requests(double latencyMs)
    {
        const int Lanes = 300;
        const int Each = 40;
        var world = new LaneWorld(batchSize: 100, TimeSpan.FromMilliseconds(latencyMs), [.. Enumerable.Range(1, 12).Select(nth => TimeSpan.FromMilliseconds(0.3 + 0.13 * nth))]);
        for (var merchant = 1; merchant <= Lanes; merchant++)
        {
            world.Add(merchant, Each);
        }

        world.Drain();

        Assert.Equal(Lanes * Each, world.Requests.Sum());
        Assert.InRange(world.Requests.Count, 1, Lanes * Each / 40);
    }

    [Fact]
    public void Lanes_whose_commits_never_meet_come_to_share_their_requests()
    {
        const int Lanes = 12;
        const int Each = 200;
        var world = new LaneWorld(batchSize: 100, latency: 3.6 * Millisecond, [.. Enumerable.Repeat(0.1 * Millisecond, Lanes)]);
        for (var merchant = 1; merchant <= Lanes; merchant++)
        {
            world.Add(merchant, Each);
            world.Advance(0.3 * Millisecond);
        }

        world.Drain();

        Assert.InRange(world.Requests.Count, Each, 2 * Each);
    }

    [Fact]
    public void Calls_whose_commit_is_on_its_way_are_waited_for_by_those_that_would_go_at_once()
    {
        var world = new LaneWorld(batchSize: 100, latency: Millisecond, Millisecond, 3 * Millisecond);
        world.Add(merchant: 2, calls: 10);
        world.Drain();
        var before = world.Requests.Count;

        world.Add(merchant: 1, calls: 1);
        world.Add(merchant: 2, calls: 1);
        world.Drain();

        Assert.Equal([2], world.Requests.Skip(before));
    }

    [Fact]
    public void Where_others_come_again_batches_wait_again()
    {
        var world = new LaneWorld(batchSize: 100, latency: Millisecond, Millisecond);
        world.Add(merchant: 1, calls: 20);
        world.Drain();
        var alone = world.Requests.Count;

        // Two thousand calls a second, each of another merchant.
        for (var merchant = 2; merchant <= 400; merchant++)
        {
            world.Add(merchant, calls: 1);
            world.Advance(0.5 * Millisecond);
        }

        world.Drain();

        Assert.Equal(20, alone);
        Assert.InRange(world.Requests.Count - alone, 1, 399 / 6);
    }

    [Fact]
    public void Calls_that_come_now_and_then_go_at_once()
    {
        var world = new LaneWorld(batchSize: 100, latency: Millisecond, Millisecond);
        var waits = new List<TimeSpan>();
        for (var merchant = 1; merchant <= 50; merchant++)
        {
            world.Add(merchant, calls: 1);
            waits.Add(world.Drain());
            world.Advance(10 * Millisecond);
        }

        Assert.Equal(2 * Millisecond, waits.Skip(5).Max());
    }
}
