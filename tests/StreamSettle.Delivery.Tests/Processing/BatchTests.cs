using StreamSettle.Delivery.Channels;
using StreamSettle.Kernel.Calls;
using Xunit;

namespace StreamSettle.Delivery.Tests.Processing;

public class BatchTests
{
    readonly DeliveryBench bench = new(new() { BaseUrl = "http://split", BatchSize = 8, MaxAttempts = 3 });

    [Fact]
    public void Calls_of_different_merchants_go_in_one_request()
    {
        SendMany(1, 17);

        // The very first goes alone: nobody knows yet what the system bears.
        Assert.Equal([1, 8, 8], bench.System.Batches);
        Assert.Equal(17, bench.Results.Count(result => result.Outcome == DeliveryOutcome.Confirmed));
        Assert.Equal(DeliveryBench.Body(5), bench.System.Posts.Single(post => post.Key == "5:split:0").Body);
    }

    [Fact]
    public void A_batch_that_does_not_fill_goes_after_a_moment()
    {
        SendMany(1, 4);

        Assert.Equal([1, 3], bench.System.Batches);
    }

    [Fact]
    public void An_item_that_fails_touches_only_itself()
    {
        bench.System.OnPost = (key, n) => (key, n) switch
        {
            ("3:split:0", _) => Reply.Of(422, "no"),
            ("4:split:0", 1) => Reply.Of(503, retryAfter: "1"),
            ("5:split:0", 1) => Reply.DoneButLost,
            _ => Reply.Ok,
        };
        SendMany(1, 9);
        bench.AdvanceSeconds(5);

        Assert.Equal(["3:split:0 DeadLettered 1"], bench.ResultNames.Where(name => name.Contains("3:split")));
        Assert.Equal(8, bench.ResultNames.Count(name => name.EndsWith("Confirmed 1") || name.EndsWith("Confirmed 2")));
        Assert.Contains("4:split:0 Confirmed 1", bench.ResultNames);
    }

    [Fact]
    public void An_item_without_a_readable_result_is_unknown()
    {
        bench.System.OnPost = (key, n) => key == "5:split:0" && n == 1 ? Reply.Vanished : Reply.Ok;
        SendMany(1, 9);
        bench.AdvanceSeconds(5);

        Assert.Equal(["5:split:0"], bench.System.Gets);
        Assert.Equal(["5:split:0 Failed 1", "5:split:0 Confirmed 2"], bench.ResultNames.Where(name => name.StartsWith("5:")));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(501)]
    public void A_system_without_batches_gets_single_calls_from_then_on(int status)
    {
        bench.System.OnBatch = _ => Reply.Of(status);
        SendMany(1, 9);
        SendMany(10, 9);

        Assert.Equal([1], bench.System.Batches);
        Assert.Equal(18, bench.System.Effects.Count);
        Assert.Equal(1, bench.Status.BatchSize);
    }

    [Fact]
    public void A_batch_that_is_too_large_is_halved_from_then_on()
    {
        bench.System.OnBatch = items => items > 2 ? Reply.Of(413) : null;
        SendMany(1, 9);
        SendMany(10, 4);

        Assert.Equal(8, bench.System.Batches.Max());
        Assert.Equal(13, bench.System.Effects.Count);
        Assert.Equal(2, bench.Status.BatchSize);
    }

    [Fact]
    public void A_batch_that_is_rejected_goes_again_item_by_item()
    {
        bench.System.OnBatch = items => items > 1 ? Reply.Of(400, "one of these is bad") : null;
        bench.System.OnPost = (key, _) => key == "5:split:0" ? Reply.Of(400, "bad") : Reply.Ok;
        SendMany(1, 9);

        Assert.Equal(8, bench.System.Effects.Count);
        Assert.Equal("400: bad", Assert.Single(bench.DeadLetters).Value.Reason);
        Assert.Equal(8, bench.Status.BatchSize);
    }

    [Fact]
    public void A_batch_that_is_always_too_large_is_bounded_by_the_attempts()
    {
        bench.System.OnBatch = items => items > 1 ? Reply.Of(413) : null;
        SendMany(1, 9);

        // 8, 4 and 2 to a batch: three attempts, and a fourth may not be made.
        Assert.All(bench.DeadLetters.Values, letter => Assert.Equal(("batch 413", 3), (letter.Reason, letter.Attempts)));
        Assert.Equal(9, bench.System.Effects.Count + bench.DeadLetters.Count);
        Assert.NotEmpty(bench.DeadLetters);
    }

    [Fact]
    public void A_batch_size_that_was_learned_holds_over_restarts()
    {
        bench.System.OnBatch = items => items > 2 ? Reply.Of(413) : null;
        SendMany(1, 9);
        var before = bench.System.Batches.Count;
        bench.Crash();
        SendMany(10, 9);

        Assert.Equal(2, bench.System.Batches.Skip(before).Max());
        Assert.Equal(2, bench.Status.BatchSize);
        Assert.Equal(18, bench.System.Effects.Count);
    }

    /// <summary>A proxy's or an older version's answer that looks good to a hasty reader.</summary>
    [Theory]
    [InlineData(200, true)]
    [InlineData(202, false)]
    [InlineData(409, false)]
    public void A_batch_that_is_not_answered_by_a_207_is_asked_for_item_by_item(int status, bool happens)
    {
        bench.System.OnBatch = items => items > 1 ? Reply.Of(status, """{"key":"","id":17}""") : null;
        bench.System.OnGet = (key, n) => happens && n == 1 ? Reply.Of(200, $$"""{"key":"{{key}}","id":"found"}""") : null;
        SendMany(1, 5);
        bench.AdvanceSeconds(1);

        Assert.Equal(4, bench.System.Gets.Distinct().Count());
        Assert.Equal(happens ? 4 : 0, bench.Results.Count(result => result.Text == "found"));
        Assert.DoesNotContain(bench.Results, result => result.Text == "17");
    }

    [Fact]
    public void A_batch_that_is_lost_makes_every_item_unknown()
    {
        var lost = false;
        bench.System.OnBatch = items => items > 1 && !lost && (lost = true) ? Reply.Vanished : null;
        SendMany(1, 9);
        bench.AdvanceSeconds(5);

        Assert.Equal(8, bench.System.Gets.Count);
        Assert.Equal(9, bench.System.Effects.Count);
    }

    [Fact]
    public void A_batch_is_bounded_by_its_bytes_and_what_is_larger_by_itself_goes_singly()
    {
        const int Most = 10_000;
        var bounded = new DeliveryBench(new() { BaseUrl = "http://split", BatchSize = 1_000, BatchBytes = Most });
        var bodies = new List<int>();
        bounded.System.OnRequest += request => bodies.Add(request.IsBatch ? request.Body.Length : 0);
        for (var order = 1; order <= 30; order++)
        {
            bounded.AppendLarge(order, order == 7 ? 2 * Most : 3_000);
        }

        bounded.AdvanceSeconds(1);
        Assert.Equal(30, bounded.System.Effects.Count);
        Assert.InRange(bodies.Max(), Most / 2, Most);
        Assert.Equal(1, bodies.Count(body => body == 0));
        Assert.Equal(3, bounded.System.Batches.Max());
    }

    [Fact]
    public void Items_of_three_megabytes_go_within_the_bound_and_over_restarts()
    {
        const int Large = 3_000_000;
        var heavy = new DeliveryBench(new() { BaseUrl = "http://split", BatchSize = 1_000, MaxAttempts = 20 });
        heavy.System.OnRequest += request => Assert.InRange(request.Body.Length, 0, 4 * 1024 * 1024);
        heavy.System.OnPost = (_, _) => Reply.Refused;
        for (var order = 1; order <= 12; order++)
        {
            heavy.AppendLarge(order, Large);
        }

        heavy.AdvanceSeconds(1);
        heavy.Crash();
        heavy.System.OnPost = (_, _) => Reply.Ok;
        heavy.AdvanceSeconds(30);
        Assert.Equal(12, heavy.System.Effects.Count);
    }

    [Fact]
    public void Only_so_many_bytes_are_in_hand_however_many_calls_could_go()
    {
        const int Large = 1_000_000;
        var heavy = new DeliveryBench(new() { BaseUrl = "http://split" });
        heavy.Send(1_000, merchant: 1_000);
        heavy.System.OnPost = (_, _) => Reply.Held;
        for (var order = 1; order <= 50; order++)
        {
            heavy.AppendLarge(order, Large);
        }

        heavy.Run();
        while (heavy.System.Effects.Count < 51)
        {
            Assert.InRange(heavy.System.HeldBack.Sum(held => (long)held.Request.Body.Length), 1, DownstreamChannel.MostHeldBytes + 5L * 1024 * 1024);
            heavy.System.Release();
            heavy.Run();
        }
    }

    [Fact]
    public void One_call_of_a_merchant_and_lane_is_in_a_batch_even_without_order()
    {
        var unordered = new DeliveryBench(new() { BaseUrl = "http://split", BatchSize = 8, Ordered = false });
        unordered.System.OnRequest += request => Assert.Equal(request.Calls.Length, request.Calls.Select(call => (call.Lane.Merchant, call.Lane.Lane)).Distinct().Count());
        for (var order = 1; order < 20; order++)
        {
            unordered.Append(order, merchant: order % 3);
        }

        unordered.AdvanceSeconds(1);
        Assert.Equal(19, unordered.System.Effects.Count);
    }

    void SendMany(int first, int count)
    {
        for (var order = first; order < first + count; order++)
        {
            bench.Append(order, merchant: order);
        }

        bench.AdvanceSeconds(1);
    }
}
