using StreamSettle.Delivery.Options;
using StreamSettle.Delivery.Tests.Processing;
using Xunit;

namespace StreamSettle.Delivery.Tests.Groups;

/// <summary>I11 over a group: never more than the limit over all instances, in any sliding window, whoever comes and goes; and nearly as much.</summary>
public sealed class GroupBudgetTests
{
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    static readonly DownstreamOptions Thousand = new() { BaseUrl = "http://split", RateLimit = 1000, RateWindow = Minute };

    [Fact]
    public void Four_instances_and_three_rebalances_keep_a_budget_of_1000_a_minute_and_use_it()
    {
        using var bench = new GroupBench(Thousand);
        bench.Append(1, 9_000);
        Start(bench, 3);
        bench.Advance(2 * Minute);
        bench.Join();
        bench.Advance(2 * Minute);
        bench.Kill(1);
        bench.Advance(2 * Minute);
        bench.Join();
        bench.Advance(2 * Minute);

        Assert.InRange(bench.MostIn(Minute), 900, 1000);
        Assert.InRange(bench.Between(Minute, 8 * Minute) / (7 * Minute.TotalSeconds), 0.93 * 1000 / 60, 1000 / 60.0);
    }

    [Fact]
    public void Kills_with_calls_under_way_never_loosen_it()
    {
        using var bench = new GroupBench(Thousand with { RateLimit = 160 });
        bench.Append(1, 4_000);
        Start(bench, 4);
        for (var kill = 0; kill < 8; kill++)
        {
            bench.Advance(TimeSpan.FromSeconds(17));
            bench.Kill(kill % 4);
            bench.Join();
        }

        bench.Advance(2 * Minute);
        Assert.InRange(bench.MostIn(Minute), 100, 160);
        Assert.InRange(bench.Arrived, 400, 160 * 6);
    }

    [Fact]
    public void What_may_have_been_called_when_all_were_killed_is_used_in_the_windows_that_follow()
    {
        using var bench = new GroupBench(Thousand with { RateLimit = 160 });
        bench.Append(1, 4_000);
        Start(bench, 4);
        bench.Advance(TimeSpan.FromSeconds(1));
        bench.Holds = true;
        bench.Advance(TimeSpan.FromSeconds(49));
        Assert.InRange(bench.Arrived, 100, 160);
        for (var kill = 0; kill < 4; kill++)
        {
            bench.Kill(0);
            bench.Join();
        }

        bench.Holds = false;
        bench.Advance(3 * Minute);
        Assert.InRange(bench.MostIn(Minute), 120, 160);
    }

    [Fact]
    public void One_hot_merchant_may_use_its_instances_whole_share_and_no_more()
    {
        using var bench = new GroupBench(Thousand with { RateLimit = 160, Ordered = false });
        bench.Append(1, 2_000, merchant: 7);
        Start(bench, 4);
        bench.Advance(5 * Minute);

        Assert.Equal(40, bench.MostIn(Minute));
        Assert.InRange(bench.Arrived, 4 * 40, 5 * 40);
    }

    [Fact]
    public void What_one_instance_has_used_a_hot_share_by_is_used_when_its_partitions_move()
    {
        using var bench = new GroupBench(Thousand with { RateLimit = 160, Ordered = false });
        bench.Append(1, 2_000, merchant: 7);
        bench.Join();
        bench.Advance(TimeSpan.FromSeconds(59));
        Assert.InRange(bench.Arrived, 150, 160);

        bench.Append(10_000, 2_000);
        Start(bench, 3);
        bench.Advance(5 * Minute);
        Assert.InRange(bench.MostIn(Minute), 150, 160);
    }

    [Fact]
    public void It_is_spread_over_the_window()
    {
        using var bench = new GroupBench(Thousand);
        bench.Append(1, 3_000);
        Start(bench, 4);
        bench.Advance(2 * Minute);

        Assert.InRange(bench.MostIn(TimeSpan.FromSeconds(6)), 90, 120);
    }

    [Fact]
    public void A_batch_is_one_request_of_a_group_too()
    {
        using var bench = new GroupBench(Thousand with { RateLimit = 64, BatchSize = 10 });
        bench.Answer = _ => Reply.Ok;
        bench.System.OnPost = (_, _) => Reply.Ok;
        bench.Append(1, 5_000);
        Start(bench, 4);
        bench.Advance(4 * Minute);

        Assert.InRange(bench.MostIn(Minute), 50, 64);
        Assert.InRange(bench.System.Effects.Count, 4 * 400, 4 * 640);
    }

    [Fact]
    public void The_status_says_the_share_and_the_total()
    {
        using var bench = new GroupBench(Thousand);
        Start(bench, 3);

        Assert.Equal([1000L, 1000, 1000], bench.Statuses.Select(status => status.Budget.Total!.Value));
        Assert.Equal(1000, bench.Statuses.Sum(status => status.Budget.Limit));
        Assert.All(bench.Statuses, status => Assert.InRange(status.Budget.Limit!.Value, 300, 400));
    }

    [Fact]
    public void A_limit_that_one_instance_learns_holds_for_all_and_a_lower_and_a_higher_one_are_taken_up()
    {
        var limit = 480;
        using var bench = new GroupBench(Thousand with { RateLimit = null });
        bench.Answer = _ => new Reply.Done { Headers = new() { Limit = $"{limit}" } };
        Start(bench, 4);

        // One merchant's call: one instance alone hears of the limit.
        bench.Append(100_000, 1, merchant: 7);
        bench.Advance(TimeSpan.FromSeconds(1));
        Assert.All(bench.Statuses, status => Assert.Equal(480, status.Budget.Total));

        bench.Append(1, 9_000);
        bench.Advance(3 * Minute);
        Assert.InRange(bench.MostIn(Minute), 400, 480);

        limit = 160;
        bench.Advance(Minute);
        var lowered = bench.Time.GetElapsedTime(0);
        bench.Advance(3 * Minute);
        Assert.InRange(bench.MostIn(Minute, lowered), 120, 160);

        limit = 960;
        bench.Advance(Minute);
        var raised = bench.Time.GetElapsedTime(0);
        bench.Advance(2 * Minute);
        Assert.InRange(bench.MostIn(Minute, raised), 850, 960);
    }

    [Fact]
    public void A_pause_that_one_instance_is_asked_for_calms_the_others_at_once_and_one_that_comes_later()
    {
        using var bench = new GroupBench(Thousand with { RateLimit = null, Concurrency = 4 });
        Start(bench, 3);
        bench.Append(1, 3_000);
        bench.Advance(TimeSpan.FromSeconds(10));

        bench.Answer = no => no == bench.Arrived ? Reply.Of(429, retryAfter: "60") : Reply.Ok;
        bench.Advance(bench.Step);
        bench.Answer = _ => Reply.Ok;
        bench.Advance(bench.Step);
        var calm = bench.Arrived;
        bench.Join();
        bench.Advance(TimeSpan.FromSeconds(58));
        Assert.Equal(calm, bench.Arrived);

        bench.Advance(TimeSpan.FromSeconds(4));
        Assert.True(bench.Arrived > calm);
    }

    [Fact]
    public void What_a_system_says_is_left_for_all_holds_no_instance_up_that_keeps_to_its_share()
    {
        using var bench = new GroupBench(Thousand with { RateLimit = null });
        bench.Answer = _ =>
        {
            var (left, reset) = bench.Left(1000, Minute);
            return new Reply.Done { Headers = new() { Limit = "1000", Remaining = $"{left}", Reset = $"{reset}" } };
        };
        bench.Append(1, 6_000);
        Start(bench, 4);
        bench.Advance(5 * Minute);

        Assert.InRange(bench.MostIn(Minute), 800, 1000);
        Assert.InRange(bench.Between(Minute, 5 * Minute), 3_200, 4_000);
    }

    static void Start(GroupBench bench, int instances)
    {
        for (var instance = 0; instance < instances; instance++)
        {
            bench.Join();
        }
    }
}
