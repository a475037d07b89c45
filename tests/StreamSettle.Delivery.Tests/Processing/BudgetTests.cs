using StreamSettle.Delivery.Answers;
using StreamSettle.Delivery.Options;
using Xunit;

namespace StreamSettle.Delivery.Tests.Processing;

public class BudgetTests
{
    static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    readonly List<TimeSpan> arrivals = [];

    [Fact]
    public void A_configured_limit_holds_from_the_first_second_and_over_restarts()
    {
        var bench = Bench(new() { BaseUrl = "http://split", RateLimit = 5, RateWindow = Window }, 40);
        for (var i = 0; i < 6; i++)
        {
            bench.AdvanceSeconds(7);
            bench.Crash();
        }

        bench.AdvanceSeconds(60);
        Assert.Equal(40, bench.System.Effects.Count);
        Assert.Equal(5, MostInAWindow());
    }

    [Fact]
    public void Calls_under_way_at_a_crash_count_as_used()
    {
        var bench = Bench(new() { BaseUrl = "http://split", RateLimit = 5, RateWindow = Window }, 40);
        bench.System.OnPost = (_, n) => n == 1 && arrivals.Count > 1 ? Reply.Held : Reply.Ok;
        for (var i = 0; i < 6; i++)
        {
            bench.AdvanceSeconds(4);
            bench.Crash();
        }

        bench.System.OnPost = (_, _) => Reply.Ok;
        bench.AdvanceSeconds(240);
        Assert.Equal(40, bench.System.Effects.Count);
        Assert.Equal(5, MostInAWindow());
    }

    [Fact]
    public void A_window_of_hours_is_remembered_over_restarts()
    {
        var bench = Bench(new() { BaseUrl = "http://split", RateLimit = 5, RateWindow = TimeSpan.FromHours(3) }, 10);
        bench.AdvanceSeconds(1);
        bench.Advance(TimeSpan.FromHours(2));
        bench.Crash();
        bench.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(5, arrivals.Count);
        bench.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(10, arrivals.Count);
    }

    [Fact]
    public void A_limit_is_learned_from_the_first_answer_and_a_higher_one_taken_up()
    {
        var limit = 5;
        var bench = Bench(new() { BaseUrl = "http://split", RateWindow = Window }, 60);
        bench.System.OnPost = (_, _) => new Reply.Done { Headers = new() { Limit = $"{limit}" } };
        bench.AdvanceSeconds(25);
        Assert.Equal(15, arrivals.Count);
        Assert.Equal(5, MostInAWindow());

        limit = 20;
        bench.AdvanceSeconds(36);
        Assert.Equal(60, bench.System.Effects.Count);
        Assert.InRange(MostInAWindow(), 6, 20);
    }

    [Fact]
    public void No_requests_remaining_means_waiting_for_the_reset()
    {
        var bench = Bench(new() { BaseUrl = "http://split", RateWindow = Window }, 3);
        bench.System.OnPost = (_, _) => new Reply.Done { Headers = new AnswerHeaders { Remaining = "0", Reset = "30" } };
        bench.AdvanceSeconds(29);
        Assert.Single(arrivals);
        bench.AdvanceSeconds(2);
        Assert.Equal(2, arrivals.Count);
    }

    [Fact]
    public void A_batch_counts_as_one_request_and_a_get_counts_too()
    {
        var bench = Bench(new() { BaseUrl = "http://split", RateLimit = 5, RateWindow = Window, BatchSize = 10 }, 41);
        bench.AdvanceSeconds(2);
        Assert.Equal(41, bench.System.Effects.Count);
        Assert.Equal(5, arrivals.Count);

        bench.System.OnPost = (_, n) => n == 1 ? Reply.Vanished : Reply.Ok;
        bench.Send(100, merchant: 100);
        bench.AdvanceSeconds(40);
        Assert.Equal(8, arrivals.Count);
        Assert.Equal(5, MostInAWindow());
    }

    [Fact]
    public void Kills_inside_of_a_window_do_not_stop_a_system_for_ever()
    {
        var bench = Bench(new() { BaseUrl = "http://split", RateLimit = 1, RateWindow = Window }, 3);
        bench.System.OnPost = (_, _) => Reply.Held;
        bench.AdvanceSeconds(1);
        Assert.Single(arrivals);
        bench.System.OnPost = (_, _) => Reply.Ok;
        for (var i = 0; i < 20; i++)
        {
            bench.Crash();
            bench.AdvanceSeconds(4);
        }

        // The first was asked for, and sent again.
        Assert.Equal(3, bench.System.Effects.Count);
        Assert.Equal(5, arrivals.Count);
        Assert.Equal(1, MostInAWindow());
    }

    [Fact]
    public void A_limit_that_was_learned_holds_over_a_restart_whatever_the_next_answer_leaves_out()
    {
        var bench = Bench(new() { BaseUrl = "http://split", RateWindow = Window }, 30);
        bench.System.OnPost = (_, n) => new Reply.Done { Headers = new() { Limit = "5" } };
        bench.AdvanceSeconds(1);
        bench.System.OnPost = (_, _) => Reply.Ok;
        bench.Crash();
        bench.AdvanceSeconds(40);

        Assert.InRange(arrivals.Count, 15, 25);
        Assert.Equal(5, MostInAWindow());
    }

    [Fact]
    public void A_pause_that_was_asked_for_holds_for_all_calls_over_a_restart()
    {
        var bench = Bench(new() { BaseUrl = "http://split" }, 30);
        bench.System.OnPost = (_, _) => arrivals.Count == 1 ? Reply.Of(429, retryAfter: "600") : Reply.Ok;
        bench.AdvanceSeconds(1);
        bench.Crash();
        bench.AdvanceSeconds(300);
        bench.Crash();
        bench.AdvanceSeconds(298);
        Assert.Single(arrivals);

        bench.AdvanceSeconds(10);
        Assert.Equal(30, bench.System.Effects.Count);
    }

    [Fact]
    public void No_requests_remaining_means_the_same_after_a_restart()
    {
        var bench = Bench(new() { BaseUrl = "http://split", RateWindow = Window }, 3);
        bench.System.OnPost = (_, _) => new Reply.Done { Headers = new AnswerHeaders { Remaining = "0", Reset = "30" } };
        bench.AdvanceSeconds(1);
        bench.Crash();
        bench.AdvanceSeconds(28);
        Assert.Single(arrivals);
        bench.AdvanceSeconds(2);
        Assert.Equal(2, arrivals.Count);
    }

    [Theory]
    [InlineData("5, 5;w=600")]
    [InlineData("50;w=1, 5;w=600")]
    [InlineData("5;w=600\n50;w=1")]
    public void The_tightest_of_several_limits_binds(string limit)
    {
        var bench = Bench(new() { BaseUrl = "http://split", RateWindow = Window }, 12);
        bench.System.OnPost = (_, _) => new Reply.Done { Headers = new() { DraftLimit = limit } };
        bench.Advance(TimeSpan.FromMinutes(9.8));
        Assert.Equal(5, arrivals.Count);
        bench.Advance(TimeSpan.FromMinutes(0.5));
        Assert.Equal(10, arrivals.Count);
    }

    [Fact]
    public void A_window_of_a_week_is_a_week_over_restarts()
    {
        var bench = Bench(new() { BaseUrl = "http://split" }, 12);
        bench.System.OnPost = (_, _) => new Reply.Done { Headers = new() { RateLimitPolicy = "\"week\";q=5;w=604800" } };
        for (var day = 0; day < 6; day++)
        {
            bench.AdvanceSeconds(1);
            bench.Crash();
            bench.CrashFor(() => bench.Time.Advance(TimeSpan.FromDays(1)));
        }

        bench.AdvanceSeconds(1);
        Assert.Equal(5, arrivals.Count);
        bench.CrashFor(() => bench.Time.Advance(TimeSpan.FromDays(1.5)));
        bench.AdvanceSeconds(1);
        Assert.Equal(10, arrivals.Count);
    }

    [Fact]
    public void Of_two_exhausted_quotas_the_later_reset_counts()
    {
        var bench = Bench(new() { BaseUrl = "http://split" }, 3);
        bench.System.OnPost = (_, _) => new Reply.Done { Headers = new() { RateLimit = "\"hour\";r=0;t=90, \"burst\";r=0;t=1" } };
        bench.AdvanceSeconds(85);
        Assert.Single(arrivals);
        Assert.Equal(DeliveryBench.Start + TimeSpan.FromSeconds(90), bench.Status.WaitsUntil);
        bench.AdvanceSeconds(10);
        Assert.Equal(2, arrivals.Count);
    }

    [Fact]
    public void Answers_that_overtake_each_other_free_nothing_of_a_quota()
    {
        var bench = Bench(new() { BaseUrl = "http://split", RateWindow = Window }, 20);
        bench.System.OnPost = (_, _) => arrivals.Count == 1 ? Left(3) : Reply.Held;
        bench.AdvanceSeconds(1);
        Assert.Equal(4, arrivals.Count);

        // The system counted them one after the other; the last answer comes first.
        var (held, left) = (bench.System.HeldBack.ToList(), 0);
        foreach (var one in Enumerable.Reverse(held))
        {
            bench.System.HeldBack.Clear();
            bench.System.HeldBack.Add(one);
            bench.System.Release(Left(left++));
        }

        bench.AdvanceSeconds(55);
        Assert.Equal(4, arrivals.Count);

        bench.System.OnPost = (_, _) => Reply.Ok;
        bench.AdvanceSeconds(10);
        Assert.Equal(20, bench.System.Effects.Count);
    }

    [Fact]
    public void A_quota_that_is_full_again_is_believed_though_a_little_of_the_known_window_is_left()
    {
        var bench = Bench(new() { BaseUrl = "http://split", RateWindow = Window }, 20);
        bench.System.OnPost = (_, _) => arrivals.Count == 1 ? Left(1, 10) : Reply.Held;
        bench.AdvanceSeconds(9);
        Assert.Equal(2, arrivals.Count);
        bench.System.OnPost = (_, _) => Reply.Ok;
        bench.System.Release(Left(100));
        bench.AdvanceSeconds(1);
        Assert.Equal(20, bench.System.Effects.Count);
    }

    [Fact]
    public void A_quota_that_an_answer_does_not_name_stays_as_it_was()
    {
        var bench = Bench(new() { BaseUrl = "http://split" }, 30);
        bench.System.OnPost = (key, n) => new Reply.Done
        {
            Headers = new() { RateLimit = arrivals.Count == 1 ? "\"hour\";r=2;t=90, \"burst\";r=9;t=1" : "\"burst\";r=9;t=1" },
        };
        bench.AdvanceSeconds(85);
        Assert.Equal(3, arrivals.Count);
    }

    [Fact]
    public void Of_two_times_to_wait_the_longer_is_obeyed()
    {
        var bench = Bench(new() { BaseUrl = "http://split" }, 3);
        bench.System.OnPost = (_, _) => arrivals.Count == 1 ? Reply.Of(429, retryAfter: "5\n60") : Reply.Ok;
        bench.AdvanceSeconds(59);
        Assert.Single(arrivals);
        bench.AdvanceSeconds(3);
        Assert.Equal(3, bench.System.Effects.Count);
    }

    [Theory]
    [InlineData("many")]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("9000, x")]
    [InlineData("9000;w=now")]
    [InlineData("")]
    public void A_limit_that_cannot_be_read_leaves_the_known_one_in_force(string limit)
    {
        var bench = Bench(new() { BaseUrl = "http://split", RateWindow = Window }, 60);
        bench.System.OnPost = (_, _) => new Reply.Done { Headers = new() { Limit = arrivals.Count == 1 ? "5" : limit } };
        bench.AdvanceSeconds(25);
        Assert.Equal(15, arrivals.Count);
        Assert.Equal(5, MostInAWindow());
    }

    static Reply.Done Left(int requests, int reset = 60) => new() { Headers = new() { Remaining = $"{requests}", Reset = $"{reset}" } };

    DeliveryBench Bench(DownstreamOptions options, int calls)
    {
        var bench = new DeliveryBench(options, partitions: 3);
        bench.System.OnRequest += _ => arrivals.Add(bench.Time.GetElapsedTime(0));
        for (var order = 1; order <= calls; order++)
        {
            bench.Append(order, merchant: order);
        }

        return bench;
    }

    int MostInAWindow() => arrivals.Max(from => arrivals.Count(at => at >= from && at <= from + Window));
}
