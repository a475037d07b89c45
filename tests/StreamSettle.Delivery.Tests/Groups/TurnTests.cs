using StreamSettle.Delivery.Options;
using StreamSettle.Delivery.Tests.Processing;
using Xunit;

namespace StreamSettle.Delivery.Tests.Groups;

/// <summary>I11 with a limit that is smaller than the number of partitions: it goes by turns, which instances claim in the log.</summary>
public sealed class TurnTests
{
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    static readonly DownstreamOptions Five = new() { BaseUrl = "http://split", RateLimit = 5, RateWindow = Minute, MaxAttempts = 100 };

    [Fact]
    public void It_is_used_never_exceeded_and_no_instance_goes_without()
    {
        using var bench = Bench(Five, instances: 4);
        bench.Append(1, 1_000);
        bench.Advance(20 * Minute);

        Assert.Equal(5, bench.MostIn(Minute));
        Assert.InRange(bench.Arrived, 90, 100);
        Assert.All(bench.Sent, sent => Assert.InRange(sent, 10, 50));
    }

    [Fact]
    public void One_instance_alone_with_something_to_send_may_use_all_of_it()
    {
        using var bench = Bench(Five, instances: 4);
        bench.Append(1, 1_000, merchant: 7);
        bench.Advance(10 * Minute);

        Assert.Equal(5, bench.MostIn(Minute));
        Assert.InRange(bench.Arrived, 45, 50);
        Assert.Equal(bench.Arrived, bench.Sent.Max());
    }

    [Fact]
    public void Five_an_hour_hold_over_kills_and_rebalances()
    {
        using var bench = new GroupBench(Five with { RateWindow = Hour }) { Step = TimeSpan.FromSeconds(2) };
        Join(bench, 4);
        bench.Append(1, 1_000);
        for (var kill = 0; kill < 4; kill++)
        {
            bench.Advance(Hour + 17 * Minute);
            bench.Kill(kill);
            bench.Advance(Minute);
            bench.Join();
        }

        bench.Advance(2 * Hour);
        Assert.Equal(5, bench.MostIn(Hour));
        Assert.InRange(bench.Arrived, 30, 40);
    }

    [Fact]
    public void Kills_in_the_middle_of_claims_and_calls_lose_no_turn_for_good()
    {
        using var bench = Bench(Five with { Timeout = TimeSpan.FromSeconds(2) }, instances: 3);
        bench.Append(1, 1_000);
        for (var kill = 0; kill < 20; kill++)
        {
            // At another place of the turns' life each time.
            bench.Advance(TimeSpan.FromSeconds(20) + kill * bench.Step);
            bench.Kill(kill % 3);
            bench.Join();
        }

        bench.Advance(3 * Minute);
        var before = bench.Arrived;
        bench.Advance(4 * Minute);
        Assert.Equal(5, bench.MostIn(Minute));
        Assert.InRange(bench.Arrived - before, 18, 20);
    }

    [Fact]
    public void A_limit_that_was_learned_is_lowered_to_turns_and_raised_again()
    {
        var limit = "160";
        using var bench = Bench(Five with { RateLimit = null }, instances: 4);
        bench.Answer = _ => new Reply.Done { Headers = new() { Limit = limit } };
        bench.Append(1, 5_000);
        bench.Advance(3 * Minute);

        limit = "5";
        bench.Advance(2 * Minute);
        var lowered = bench.Time.GetElapsedTime(0);
        bench.Advance(4 * Minute);
        Assert.Equal(5, bench.MostIn(Minute, lowered));

        limit = "160";
        bench.Advance(2 * Minute);
        var raised = bench.Time.GetElapsedTime(0);
        bench.Advance(2 * Minute);
        Assert.InRange(bench.MostIn(Minute, raised), 120, 160);
    }

    [Fact]
    public void Of_two_such_limits_both_hold()
    {
        using var bench = Bench(Five with { RateLimit = null }, instances: 4);
        bench.Answer = _ => new Reply.Done { Headers = new() { DraftLimit = "2, 2;w=10, 5;w=60" } };
        bench.Append(1, 1_000);
        bench.Advance(10 * Minute);

        Assert.Equal(2, bench.MostIn(TimeSpan.FromSeconds(10), Minute));
        Assert.Equal(5, bench.MostIn(Minute, Minute));
        Assert.InRange(bench.Arrived, 40, 55);
    }

    static GroupBench Bench(DownstreamOptions options, int instances)
    {
        var bench = new GroupBench(options);
        Join(bench, instances);
        return bench;
    }

    static void Join(GroupBench bench, int instances)
    {
        for (var instance = 0; instance < instances; instance++)
        {
            bench.Join();
        }
    }
}
