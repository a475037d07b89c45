using StreamSettle.Delivery.Breakers;
using StreamSettle.Delivery.Channels;
using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Calls;
using Xunit;

namespace StreamSettle.Delivery.Tests.Processing;

/// <summary>A system that errs too often (contract, degraded mode), in virtual time.</summary>
public class DegradedTests
{
    /// <summary>Orders from here on are key accounts' in these tests.</summary>
    const long KeyAccounts = 1_000_000;

    static readonly DownstreamOptions Options = new()
    {
        BaseUrl = "http://split", RetryBase = TimeSpan.FromSeconds(1), RetryMax = TimeSpan.FromMinutes(5), MaxAttempts = 20,
    };

    readonly DeliveryBench bench = new(Options);
    bool isIll;
    long next = 1;

    public DegradedTests() => bench.System.OnPost = (key, _) => isIll && OrderOf(key) % 5 == 0 ? Reply.Of(500) : Reply.Ok;

    [Fact]
    public void Ordinary_calls_wait_without_attempts_and_key_accounts_go_on()
    {
        Degrade();
        var posts = bench.System.Posts.Count;
        Append(500);
        Append(50, keyAccount: true);
        bench.AdvanceSeconds(10);

        var sent = bench.System.Posts.Skip(posts).Select(post => OrderOf(post.Key)).ToList();
        Assert.Equal(50, sent.Where(order => order >= KeyAccounts).Distinct().Count());

        // Probes: one each half second.
        Assert.InRange(sent.Count(order => order < KeyAccounts), 15, 25);
        Assert.All(bench.System.Posts.GroupBy(post => post.Key).Where(key => OrderOf(key.Key) % 5 != 0), posts => Assert.Single(posts));
        var status = bench.Status;
        Assert.IsType<ChannelHealth.Degraded>(status.Health);
        Assert.Equal(BreakerMode.Degraded, status.Breaker.Mode);
        Assert.Contains("4 of 20 outcomes within 60 s were errors (20 %), the last: 500", status.Breaker.Reason, StringComparison.Ordinal);
        Assert.True(status.Breaker.Since >= DeliveryBench.Start && status.Breaker.Since <= status.At);
        Assert.True(status.Breaker.NextProbeAt >= status.At && status.Breaker.NextProbeAt <= status.At + TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void It_is_well_again_after_a_whole_window_below_half_the_rate_and_not_before()
    {
        Degrade();
        Append(5_000);
        isIll = false;
        bench.AdvanceSeconds(55);
        Assert.Equal(BreakerMode.Degraded, bench.Status.Breaker.Mode);
        Assert.InRange(bench.System.Effects.Count, 0, 300);
        bench.AdvanceSeconds(10);

        Assert.Equal(BreakerStatus.Closed, bench.Status.Breaker);
        Assert.IsType<ChannelHealth.Open>(bench.Status.Health);
        Drained();
    }

    [Fact]
    public void A_rate_between_the_two_keeps_it_degraded()
    {
        Degrade();
        bench.System.OnPost = (key, _) => OrderOf(key) % 13 == 0 ? Reply.Of(500) : Reply.Ok;
        for (var second = 0; second < 300; second++)
        {
            Append(20, keyAccount: true);
            bench.AdvanceSeconds(1);
        }

        Assert.Equal(BreakerMode.Degraded, bench.Status.Breaker.Mode);
    }

    [Theory]
    [InlineData(19, false)]
    [InlineData(20, true)]
    public void Too_few_outcomes_say_nothing(int calls, bool degraded)
    {
        bench.System.OnPost = (_, n) => n == 1 ? Reply.Of(500) : Reply.Ok;
        Append(calls);
        bench.Run();

        Assert.Equal(degraded, bench.Status.Breaker.Mode != BreakerMode.Closed);
    }

    [Theory]
    [InlineData(422)]
    [InlineData(401)]
    [InlineData(429)]
    [InlineData(425)]
    public void Rejections_lost_credentials_and_calls_for_patience_degrade_nothing(int status)
    {
        bench.System.OnPost = (key, n) => n == 1 && OrderOf(key) % 2 == 0 ? Reply.Of(status) : Reply.Ok;
        Append(100);
        bench.AdvanceSeconds(120);

        Assert.Equal(BreakerMode.Closed, bench.Status.Breaker.Mode);
    }

    [Theory]
    [InlineData("500")]
    [InlineData("408")]
    [InlineData("lost")]
    [InlineData("refused")]
    [InlineData("garbage")]
    public void What_the_system_or_the_way_to_it_does_wrong_degrades(string what)
    {
        var wrong = what switch { "500" => Reply.Of(500), "408" => Reply.Of(408), "lost" => Reply.Vanished, "refused" => Reply.Refused, _ => Reply.Of(200, "garbage") };
        bench.System.OnPost = (key, n) => n == 1 && OrderOf(key) % 4 == 0 ? wrong : Reply.Ok;
        Append(100);
        bench.Run();

        Assert.Equal(BreakerMode.Degraded, bench.Status.Breaker.Mode);
    }

    [Fact]
    public void A_system_that_is_wholly_away_is_asked_by_one_call_at_a_time_and_seldom()
    {
        bench.System.OnPost = (_, _) => Reply.Refused;
        bench.System.OnGet = (_, _) => Reply.Refused;
        Append(300);
        Append(300, keyAccount: true);
        bench.AdvanceSeconds(60);
        Assert.Equal(BreakerMode.Away, bench.Status.Breaker.Mode);
        Assert.IsType<ChannelHealth.Away>(bench.Status.Health);
        var requests = bench.System.Requests;
        bench.Advance(TimeSpan.FromMinutes(30));

        // Half a window apart at most.
        Assert.InRange(bench.System.Requests - requests, 55, 62);
        (bench.System.OnPost, bench.System.OnGet) = ((_, _) => Reply.Ok, (_, _) => null);
        bench.AdvanceSeconds(35);
        Assert.Equal(BreakerMode.Degraded, bench.Status.Breaker.Mode);
        Assert.Equal(300, bench.System.Effects.Count(key => OrderOf(key) >= KeyAccounts));
        bench.Advance(TimeSpan.FromMinutes(2));
        Drained();
    }

    [Fact]
    public void A_probe_that_is_not_answered_is_alone()
    {
        bench.System.OnPost = (_, _) => Reply.Refused;
        Append(300, keyAccount: true);
        bench.AdvanceSeconds(30);
        bench.System.OnPost = (_, _) => Reply.Held;
        bench.Advance(TimeSpan.FromMinutes(3));

        Assert.Single(bench.System.HeldBack);
        Assert.Equal(1, bench.Status.Calls.InFlight);
        bench.System.OnPost = (_, _) => Reply.Ok;
        bench.System.Release();
        bench.Advance(TimeSpan.FromMinutes(3));
        Drained();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_rate_that_swings_around_the_bound_does_not_make_it_go_to_and_fro(int seed)
    {
        var dice = new Random(seed);
        var minute = 0;
        var turns = 0;
        bench.System.OnPost = (_, _) => dice.NextDouble() < (minute % 2 == 0 ? 0.09 : 0.11) ? Reply.Of(500) : Reply.Ok;
        var before = BreakerMode.Closed;
        for (; minute < 12; minute++)
        {
            for (var second = 0; second < 60; second++)
            {
                Append(15);
                Append(5, keyAccount: true);
                bench.AdvanceSeconds(1);
                turns += bench.Status.Breaker.Mode != before ? 1 : 0;
                before = bench.Status.Breaker.Mode;
            }
        }

        Assert.InRange(turns, 1, 3);
        bench.System.OnPost = (_, _) => Reply.Ok;
        bench.Advance(TimeSpan.FromMinutes(10));
        Drained();
    }

    [Fact]
    public void It_stays_degraded_over_a_restart()
    {
        Degrade();
        Append(200);
        bench.AdvanceSeconds(5);
        var (effects, since) = (bench.System.Effects.Count, bench.Status.Breaker.Since);
        bench.Crash();
        bench.AdvanceSeconds(5);

        Assert.Equal((BreakerMode.Degraded, since), (bench.Status.Breaker.Mode, bench.Status.Breaker.Since));
        Assert.InRange(bench.System.Effects.Count - effects, 5, 15);
        isIll = false;
        bench.Advance(TimeSpan.FromMinutes(2));
        Drained();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void What_was_overcome_is_not_found_again_in_the_store_of_another_task(int partitions)
    {
        var many = new DeliveryBench(Options with { Breaker = new() { Window = TimeSpan.FromSeconds(5) } }, partitions);
        for (var round = 0; round < 6; round++)
        {
            many.System.OnPost = (_, n) => n == 1 ? Reply.Of(500) : Reply.Ok;
            for (var order = 1; order <= 60; order++)
            {
                many.Append(1_000 * round + order, merchant: 1_000 * round + order);
            }

            many.Run();
            Assert.NotEqual(BreakerMode.Closed, many.Status.Breaker.Mode);
            many.System.OnPost = (_, _) => Reply.Ok;
            many.AdvanceSeconds(40);
            Assert.Equal(BreakerMode.Closed, many.Status.Breaker.Mode);

            // One more answer, with which it is kept that the system is well.
            many.Send(1_000 * round + 999, merchant: round);
            many.Crash();
            many.AdvanceSeconds(1);
            Assert.Equal(BreakerMode.Closed, many.Status.Breaker.Mode);
        }
    }

    [Theory]
    [InlineData(429)]
    [InlineData(401)]
    public void A_system_that_is_away_and_asks_for_patience_is_not_hammered(int status)
    {
        bench.System.OnPost = (_, _) => Reply.Refused;
        Append(300, keyAccount: true);
        bench.AdvanceSeconds(30);
        Assert.Equal(BreakerMode.Away, bench.Status.Breaker.Mode);
        (bench.System.OnPost, bench.System.OnGet) = ((_, _) => Reply.Of(status), (_, _) => Reply.Of(status));
        var requests = bench.System.Requests;
        bench.Advance(TimeSpan.FromMinutes(5));

        Assert.InRange(bench.System.Requests - requests, 1, 40);
    }

    [Fact]
    public void A_system_that_was_away_at_the_end_is_asked_by_one_call_at_the_start()
    {
        bench.System.OnPost = (_, _) => Reply.Refused;
        Append(300, keyAccount: true);
        bench.AdvanceSeconds(60);
        bench.System.OnPost = (_, _) => Reply.Held;
        bench.System.OnGet = (_, _) => Reply.Held;
        bench.Crash();
        bench.AdvanceSeconds(10);

        Assert.Equal(BreakerMode.Away, bench.Status.Breaker.Mode);
        Assert.Single(bench.System.HeldBack);
        (bench.System.OnPost, bench.System.OnGet) = ((_, _) => Reply.Ok, (_, _) => null);
        bench.System.Release();
        bench.Advance(TimeSpan.FromMinutes(2));
        Drained();
    }

    [Fact]
    public void A_person_who_discards_is_not_kept_waiting()
    {
        var dead = new DeliveryBench(Options with { MaxAttempts = 1 });
        dead.System.OnPost = (key, _) => OrderOf(key) % 2 == 0 ? Reply.Of(500) : Reply.Ok;
        dead.Send(2);
        Assert.Equal(["2:split:0"], dead.DeadLetters.Keys);
        for (var order = 3; order <= 40; order++)
        {
            dead.Append(order, merchant: order);
        }

        dead.Run();
        Assert.Equal(BreakerMode.Degraded, dead.Status.Breaker.Mode);
        dead.Discard(2);

        Assert.Equal("2:split:0", dead.System.Gets[^1]);
        Assert.Contains("2:split:0 Discarded 1", dead.ResultNames);
    }

    [Fact]
    public void A_rate_of_one_turns_it_off()
    {
        var off = new DeliveryBench(Options with { Breaker = new() { ErrorRate = 1 } });
        off.System.OnPost = (_, n) => n < 3 ? Reply.Of(500) : Reply.Ok;
        for (var order = 1; order <= 100; order++)
        {
            off.Append(order, merchant: order);
        }

        off.AdvanceSeconds(30);
        Assert.Equal(BreakerMode.Closed, off.Status.Breaker.Mode);
        Assert.Equal(100, off.System.Effects.Count);
    }

    /// <summary>A fifth of a hundred calls fails.</summary>
    void Degrade()
    {
        isIll = true;
        bench.System.OnPost = (key, _) => isIll && OrderOf(key) % 5 == 0 ? Reply.Of(500) : Reply.Ok;
        Append(100);
        bench.Run();
        Assert.Equal(BreakerMode.Degraded, bench.Status.Breaker.Mode);
    }

    void Append(int count, bool keyAccount = false)
    {
        for (var i = 0; i < count; i++)
        {
            var order = next++ + (keyAccount ? KeyAccounts : 0);
            bench.AppendWithInvoice(order, merchant: order % 10_000, keyAccount);
        }
    }

    /// <summary>All was done once, with one body a key, and nothing is to come.</summary>
    void Drained()
    {
        Assert.True(bench.Status.Calls.IsQuiet, bench.Status.Calls.ToString());
        Assert.Equal(next - 1, bench.System.Effects.Count);
        Assert.All(bench.System.Posts.GroupBy(post => post.Key), posts => Assert.Single(posts.Distinct()));
        Assert.Empty(bench.System.PatchesTooEarly);
        var shortened = bench.System.Posts.Where(post => !post.Body.Contains("invoice", StringComparison.Ordinal)).Select(post => post.Key).Distinct().Order();
        Assert.Equal(shortened, bench.Results.Where(result => result.Outcome == DeliveryOutcome.InvoiceDelivered).Select(result => result.Key.ToString()).Order());
    }

    static long OrderOf(string key) => long.Parse(key.Split(':')[0], System.Globalization.CultureInfo.InvariantCulture);
}
