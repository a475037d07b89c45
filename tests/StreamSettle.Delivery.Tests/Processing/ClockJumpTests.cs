using StreamSettle.Delivery.Options;
using Xunit;

namespace StreamSettle.Delivery.Tests.Processing;

/// <summary>A wall clock that is set by hours, either way, while the service runs or between two runs: no wait is longer or shorter for it, no budget larger.</summary>
public class ClockJumpTests
{
    static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    readonly List<TimeSpan> arrivals = [];

    public static TheoryData<double> Jumps => [-26, -1, 1, 26, 24 * 400];

    [Theory]
    [MemberData(nameof(Jumps))]
    public void A_retry_comes_at_its_time(double hours)
    {
        var bench = Bench(new() { BaseUrl = "http://split" }, 1);
        bench.System.OnPost = (_, n) => n == 1 ? Reply.Of(503, retryAfter: "60") : Reply.Ok;
        bench.AdvanceSeconds(10);
        bench.Time.JumpWall(TimeSpan.FromHours(hours));
        bench.AdvanceSeconds(49);
        Assert.Single(arrivals);
        bench.AdvanceSeconds(3);
        Assert.Equal(2, arrivals.Count);
    }

    [Theory]
    [MemberData(nameof(Jumps))]
    public void A_budget_neither_grows_nor_stands_still(double hours)
    {
        var bench = Bench(new() { BaseUrl = "http://split", RateLimit = 5, RateWindow = Window }, 60);
        for (var i = 0; i < 10; i++)
        {
            bench.AdvanceSeconds(5);
            bench.Time.JumpWall(TimeSpan.FromHours(i % 2 == 0 ? hours : -hours));
        }

        Assert.InRange(arrivals.Count, 24, 25);
        Assert.Equal(5, MostInAWindow());
    }

    [Theory]
    [MemberData(nameof(Jumps))]
    public void A_pause_and_a_reset_last_as_long_as_they_were_meant_to(double hours)
    {
        var bench = Bench(new() { BaseUrl = "http://split", Concurrency = 1 }, 5);
        bench.System.OnPost = (_, _) => arrivals.Count switch
        {
            1 => Reply.Of(429, retryAfter: "60"),
            2 => new Reply.Done { Headers = new() { Remaining = "0", Reset = "60" } },
            _ => Reply.Ok,
        };
        bench.AdvanceSeconds(5);
        bench.Time.JumpWall(TimeSpan.FromHours(hours));
        bench.AdvanceSeconds(54);
        Assert.Single(arrivals);
        bench.AdvanceSeconds(2);
        Assert.Equal(2, arrivals.Count);
        bench.Time.JumpWall(TimeSpan.FromHours(-hours));
        bench.AdvanceSeconds(57);
        Assert.Equal(2, arrivals.Count);
        bench.AdvanceSeconds(5);
        Assert.Equal(6, arrivals.Count);
    }

    [Theory]
    [MemberData(nameof(Jumps))]
    public void A_restart_after_a_jump_changes_none_of_it(double hours)
    {
        var bench = Bench(new() { BaseUrl = "http://split", RateLimit = 5, RateWindow = TimeSpan.FromMinutes(5) }, 20);
        bench.AdvanceSeconds(60);
        bench.CrashFor(() =>
        {
            bench.Time.JumpWall(TimeSpan.FromHours(hours));
            bench.Time.Advance(TimeSpan.FromMinutes(2));
        });
        bench.Advance(TimeSpan.FromMinutes(1.9));
        Assert.Equal(5, arrivals.Count);
        bench.Advance(TimeSpan.FromMinutes(0.2));
        Assert.Equal(10, arrivals.Count);
    }

    [Theory]
    [MemberData(nameof(Jumps))]
    public void A_retry_comes_at_its_time_over_a_restart_too(double hours)
    {
        var bench = Bench(new() { BaseUrl = "http://split" }, 1);
        bench.System.OnPost = (_, n) => n == 1 ? Reply.Of(503, retryAfter: "60") : Reply.Ok;
        bench.AdvanceSeconds(10);
        bench.CrashFor(() =>
        {
            bench.Time.JumpWall(TimeSpan.FromHours(hours));
            bench.Time.Advance(TimeSpan.FromSeconds(20));
        });
        bench.AdvanceSeconds(29);
        Assert.Single(arrivals);
        bench.AdvanceSeconds(3);
        Assert.Equal(2, arrivals.Count);
    }

    /// <summary>Another machine has another clock, and nobody knows how long nothing ran: no time passed then.</summary>
    [Theory]
    [InlineData(-26)]
    [InlineData(0)]
    [InlineData(26)]
    public void On_another_machine_a_budget_is_no_larger(double hours)
    {
        var bench = Bench(new() { BaseUrl = "http://split", RateLimit = 5, RateWindow = TimeSpan.FromMinutes(5) }, 20);
        bench.AdvanceSeconds(1);
        MoveOn(bench, hours);
        bench.Advance(TimeSpan.FromMinutes(4.9));
        Assert.Equal(5, arrivals.Count);
        bench.Advance(TimeSpan.FromMinutes(0.2));
        Assert.Equal(10, arrivals.Count);
    }

    [Theory]
    [InlineData(-26)]
    [InlineData(0)]
    [InlineData(26)]
    public void On_another_machine_a_wait_is_no_longer_than_it_was(double hours)
    {
        var bench = Bench(new() { BaseUrl = "http://split" }, 1);
        bench.System.OnPost = (_, n) => n == 1 ? Reply.Of(503, retryAfter: "60") : Reply.Ok;
        bench.AdvanceSeconds(50);
        MoveOn(bench, hours);
        bench.AdvanceSeconds(62);
        Assert.Equal(2, arrivals.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void On_another_machine_a_pause_lasts_as_long_as_was_left_of_it(int boots)
    {
        var bench = Bench(new() { BaseUrl = "http://split" }, 5);
        bench.System.OnPost = (_, _) => arrivals.Count == 1 ? Reply.Of(429, retryAfter: "60") : Reply.Ok;
        bench.AdvanceSeconds(1);
        for (var i = 0; i < boots; i++)
        {
            bench.CrashFor(() =>
            {
                bench.Boot = null;
                bench.Time.Advance(TimeSpan.FromMinutes(90));
            });
        }

        bench.AdvanceSeconds(58);
        Assert.Single(arrivals);
        bench.AdvanceSeconds(3);
        Assert.Equal(5, bench.System.Effects.Count);
    }

    [Fact]
    public void By_which_clock_a_store_is_meant_has_these_bytes()
    {
        var bench = Bench(new() { BaseUrl = "http://split" }, 1);
        bench.AdvanceSeconds(1);

        Assert.True(bench.Log.OpenCommittedView(new("split-calls"), 0).TryGet("M"u8, out var clock));
        Assert.Equal("01" + "00000000000000000000000000000001" + "0000000000000000", Convert.ToHexString(clock));
    }

    [Fact]
    public void A_date_to_retry_at_is_meant_by_the_clock_of_who_wrote_it()
    {
        var bench = Bench(new() { BaseUrl = "http://split" }, 2);
        bench.System.OnPost = (_, _) => arrivals.Count == 1
            ? new Reply.Status(429, "", new() { Date = "Sun, 06 Nov 1994 08:49:00 GMT", RetryAfter = "Sun, 06 Nov 1994 08:49:30 GMT" }, false)
            : Reply.Ok;
        bench.AdvanceSeconds(29);
        Assert.Single(arrivals);
        bench.AdvanceSeconds(3);
        Assert.Equal(2, bench.System.Effects.Count);
    }

    [Fact]
    public void An_epoch_to_reset_at_is_meant_by_the_clock_of_who_wrote_it()
    {
        var bench = Bench(new() { BaseUrl = "http://split" }, 2);
        bench.System.OnPost = (_, _) => new Reply.Done { Headers = new() { Date = "Sun, 06 Nov 2016 08:49:00 GMT", Remaining = "0", Reset = "1478422170" } };
        bench.AdvanceSeconds(29);
        Assert.Single(arrivals);
        bench.AdvanceSeconds(3);
        Assert.Equal(2, bench.System.Effects.Count);
    }

    [Theory]
    [MemberData(nameof(Jumps))]
    public void A_batch_waits_no_longer_for_company(double hours)
    {
        var bench = Bench(new() { BaseUrl = "http://split", BatchSize = 8 }, 1);
        bench.AdvanceSeconds(1);
        void Come(int first, int count)
        {
            for (var order = first; order < first + count; order++)
            {
                bench.Append(order, merchant: order);
            }

            bench.Run();
        }

        // Waiting pays: others come.
        Come(10, count: 6);
        bench.AdvanceSeconds(1);
        var before = bench.System.Batches.Count;
        Come(20, count: 4);
        Assert.Equal(before, bench.System.Batches.Count);
        bench.Time.JumpWall(TimeSpan.FromHours(hours));
        bench.AdvanceSeconds(0.1);
        Assert.Equal([4], bench.System.Batches.Skip(before));
    }

    static void MoveOn(DeliveryBench bench, double hours) => bench.CrashFor(() =>
    {
        bench.Boot = new("00000000-0000-0000-0000-000000000002");
        bench.Time.JumpWall(TimeSpan.FromHours(hours));
        bench.Time.Advance(TimeSpan.FromMinutes(90));
    });

    DeliveryBench Bench(DownstreamOptions options, int calls)
    {
        var bench = new DeliveryBench(options);
        bench.System.OnRequest += _ => arrivals.Add(bench.Time.GetElapsedTime(0));
        for (var order = 1; order <= calls; order++)
        {
            bench.Append(order, merchant: order);
        }

        return bench;
    }

    int MostInAWindow() => arrivals.Max(from => arrivals.Count(at => at >= from && at <= from + Window));
}
