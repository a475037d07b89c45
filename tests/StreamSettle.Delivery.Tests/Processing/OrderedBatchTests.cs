using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Calls;
using Xunit;
using static StreamSettle.Delivery.Tests.Processing.OrderedBench;

namespace StreamSettle.Delivery.Tests.Processing;

/// <summary>A system that works through a merchant's items of a batch in their order (contract, ordered batches): what its answers mean.</summary>
public sealed class OrderedBatchTests
{
    readonly DeliveryBench bench = New();

    [Fact]
    public void A_merchants_calls_go_in_full_batches_and_in_their_order()
    {
        Append(bench, 1, 20);
        bench.AdvanceSeconds(1);

        Assert.Equal([8, 8, 4], bench.System.Batches);
        Assert.Equal(Keys(1, 20), bench.System.Effects);
        Assert.Equal(20, bench.Results.Count(result => result is { Outcome: DeliveryOutcome.Confirmed, Attempt: 1, Key.Order.Value: <= 20 }));
        Assert.Equal(0, bench.Status.Calls.Waiting);
    }

    [Fact]
    public void The_lanes_of_a_merchant_have_each_their_own_order_in_one_batch()
    {
        bench.System.OnPost = (key, n) => key == "2:split:0" && n == 1 ? Reply.Of(503, retryAfter: "1") : Reply.Ok;
        bench.System.OnBatch = _ => bench.System.Batches.Count == 1 ? Reply.Held : null;
        bench.Send(10, lane: Lane.Priority);
        bench.Send(11);
        for (var order = 1; order <= 8; order++)
        {
            bench.Append(order, lane: order % 2 == 0 ? Lane.Priority : Lane.Ordinary);
        }

        bench.AdvanceSeconds(1);
        bench.System.Release();
        bench.AdvanceSeconds(5);
        var effects = bench.System.Effects.Where(key => key[1] == ':').ToList();
        Assert.Equal(["1:split:0", "3:split:0", "5:split:0", "7:split:0"], effects.Where(key => key[0] % 2 == 1));
        Assert.Equal(["2:split:0", "4:split:0", "6:split:0", "8:split:0"], effects.Where(key => key[0] % 2 == 0));
        Assert.Equal(["4:split:0", "6:split:0", "8:split:0"], bench.System.NotReached);
    }

    public static TheoryData<string> Failures => ["500", "500 but done", "503", "429", "408", "425", "401", "409", "302", "lost", "lost but done", "garbage"];

    static Reply Failure(string what) => what switch
    {
        "500 but done" => Reply.Of(500, happens: true),
        "503" or "429" => Reply.Of(int.Parse(what, System.Globalization.CultureInfo.InvariantCulture), retryAfter: "2"),
        "lost" => Reply.Vanished,
        "lost but done" => Reply.DoneButLost,
        "garbage" => Reply.Of(200, "[]"),
        _ => Reply.Of(int.Parse(what, System.Globalization.CultureInfo.InvariantCulture), "no"),
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void Those_behind_one_that_is_not_done_were_never_sent_and_go_behind_it(string failure)
    {
        bench.System.OnPost = (key, n) => key == "3:split:0" && n == 1 ? Failure(failure) : Reply.Ok;
        Append(bench, 1, 8);
        bench.Run();
        Assert.Equal(Keys(4, 5), bench.System.NotReached);
        bench.AdvanceSeconds(30);

        Assert.Equal(Keys(1, 8), bench.System.Effects);
        Assert.All(bench.Results.Where(result => result.Key.Order.Value is > 3 and < 9), result => Assert.Equal((DeliveryOutcome.Confirmed, 1), (result.Outcome, result.Attempt)));
        Assert.All(bench.System.Posts.Where(post => post.Key != "3:split:0").GroupBy(post => post.Key), posts => Assert.Single(posts));
        Assert.Empty(bench.DeadLetters);
    }

    [Fact]
    public void A_rejected_one_does_not_hold_back_those_behind_it()
    {
        bench.System.OnPost = (key, _) => key == "3:split:0" ? Reply.Of(422, "no") : Reply.Ok;
        Append(bench, 1, 8);
        bench.Run();

        Assert.Equal(7, bench.System.Effects.Count);
        Assert.Equal([8], bench.System.Batches);
        Assert.StartsWith("422", Assert.Single(bench.DeadLetters).Value.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_is_given_up_is_passed_by_those_behind_it()
    {
        bench.System.OnPost = (key, _) => key == "3:split:0" ? Reply.Of(500) : Reply.Ok;
        Append(bench, 1, 8);
        bench.AdvanceSeconds(60);

        Assert.Equal(Keys(1, 8).Where(key => key != "3:split:0"), bench.System.Effects);
        Assert.Equal(5, Assert.Single(bench.DeadLetters).Value.Attempts);
    }

    [Fact]
    public void A_424_with_nothing_undone_before_it_waits_longer_and_longer_and_costs_no_attempt()
    {
        bench.System.OnPost = (_, _) => Reply.Of(424, "no reason");
        Append(bench, 1, 3);
        bench.AdvanceSeconds(60);
        Assert.InRange(bench.System.Batches.Count, 5, 40);
        Assert.DoesNotContain(bench.Results, result => result.Key.Order.Value < 10);
        bench.System.OnPost = (_, _) => Reply.Ok;
        bench.AdvanceSeconds(60);

        Assert.Equal(Keys(1, 3), bench.System.Effects);
        Assert.All(bench.Results.Where(result => result.Key.Order.Value < 10), result => Assert.Equal(1, result.Attempt));
    }

    [Fact]
    public void To_a_system_that_promises_nothing_a_424_is_a_rejection()
    {
        var plain = New(Configured with { BatchOrder = BatchOrder.OnePerMerchant });
        plain.System.OnPost = (_, _) => Reply.Of(424, "no");
        Append(plain, 1, 1);
        plain.AdvanceSeconds(1);

        Assert.StartsWith("424", Assert.Single(plain.DeadLetters).Value.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_that_is_lost_is_asked_for_all_at_once_and_goes_on_in_order()
    {
        bench.System.OnBatch = _ => bench.System.Batches.Count == 1 ? Reply.Vanished : null;
        Append(bench, 1, 20);
        bench.Run();
        Assert.Equal(Keys(1, 8).Order(), bench.System.Gets.Order());
        bench.AdvanceSeconds(5);

        Assert.Equal(Keys(1, 20), bench.System.Effects);
        Assert.Equal(8, bench.Results.Count(result => result is { Outcome: DeliveryOutcome.Confirmed, Attempt: 2 }));
    }

    [Fact]
    public void Calls_found_by_a_question_leave_the_middle_of_their_lane()
    {
        bench.System.OnPost = (key, n) => n == 1 && key[0] is '2' or '4' ? Reply.DoneButLost : Reply.Ok;
        bench.System.OnBatch = _ => bench.System.Batches.Count == 1 ? Reply.Vanished : null;
        bench.System.OnGet = (key, n) => key is "1:split:0" or "5:split:0" && n < 4 ? Reply.Of(500) : key[0] is '3' ? Reply.Of(200, """{"key":"3:split:0","id":"r"}""") : null;
        Append(bench, 1, 8);
        bench.AdvanceSeconds(60);

        Assert.Equal(Keys(1, 8).Where(key => key[0] != '3'), bench.System.Effects);
        Assert.Equal(8, bench.Results.Count(result => result is { Outcome: DeliveryOutcome.Confirmed, Key.Order.Value: < 10 }));
        Assert.Equal(0, bench.Status.Calls.Unknown);
    }

    [Fact]
    public void A_system_that_goes_on_behind_one_that_it_has_not_done_gets_them_one_at_a_time_from_then_on()
    {
        bench.System.InOrder = false;
        bench.System.OnPost = (key, n) => key == "3:split:0" && n == 1 ? Reply.Of(503, retryAfter: "1") : Reply.Ok;
        Append(bench, 1, 20);
        Assert.Null(bench.Status.OrderBreach);
        bench.AdvanceSeconds(10);
        Assert.StartsWith("4:split:0 was done in a batch behind 3:split:0 of the same merchant, which was not (503", bench.Status.OrderBreach, StringComparison.Ordinal);

        // What it did it did; the others keep their order.
        Assert.Equal([.. Keys(1, 2), .. Keys(4, 5), "3:split:0", .. Keys(9, 12)], bench.System.Effects);
        Assert.Equal([8, .. Enumerable.Repeat(1, 13)], bench.System.Batches);
        Assert.Equal(20, bench.Results.Count(result => result is { Outcome: DeliveryOutcome.Confirmed, Key.Order.Value: <= 20 }));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(501)]
    public void Without_batches_order_goes_back_to_one_at_a_time(int status)
    {
        bench.System.OnBatch = _ => Reply.Of(status);
        var most = 0;
        bench.System.OnPost = (_, _) => Reply.Held;
        Append(bench, 1, 20);
        Append(bench, 31, 5, merchant: 8);
        bench.Run();
        for (var left = 25; left > 0; left--)
        {
            bench.AdvanceSeconds(1);
            most = Math.Max(most, bench.System.HeldBack.Count);
            bench.System.Release();
            bench.Run();
        }

        Assert.Equal(2, most);
        Assert.Equal(Keys(1, 20), bench.System.Effects.Where(key => OrderOf(key) <= 20));
        Assert.Equal(25, bench.System.Effects.Count);
    }

    [Fact]
    public void A_batch_that_is_too_large_is_halved_and_none_overtakes()
    {
        bench.System.OnBatch = items => items > 2 ? Reply.Of(413) : null;
        Append(bench, 1, 20);
        Append(bench, 31, 20, merchant: 8);
        bench.AdvanceSeconds(5);

        Assert.Equal(Keys(1, 20), bench.System.Effects.Where(key => OrderOf(key) <= 20));
        Assert.Equal(Keys(31, 20), bench.System.Effects.Where(key => OrderOf(key) > 20));
        Assert.Equal(2, bench.Status.BatchSize);
    }

    [Fact]
    public void A_batch_that_is_refused_for_one_of_its_items_goes_item_by_item_and_costs_only_that()
    {
        bench.System.OnBatch = items => items > 1 && bench.System.Batches.Count == 1 ? Reply.Of(400, "one of these is bad") : null;
        bench.System.OnPost = (key, _) => key == "5:split:0" ? Reply.Of(400, "bad") : Reply.Ok;
        Append(bench, 1, 12);
        bench.AdvanceSeconds(5);

        Assert.Equal(Keys(1, 12).Where(key => key != "5:split:0"), bench.System.Effects);
        Assert.StartsWith("400: bad", Assert.Single(bench.DeadLetters).Value.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_is_bounded_by_the_bytes_of_a_batch()
    {
        const int Most = 10_000;
        var bounded = New(Configured with { BatchSize = 1_000, BatchBytes = Most });
        bounded.System.OnRequest += request => Assert.InRange(request.Body.Length, 0, request.IsBatch ? Most : 3 * Most);
        for (var order = 1; order <= 30; order++)
        {
            bounded.AppendLarge(order, order == 7 ? 2 * Most : 3_000, merchant: 7);
        }

        bounded.AdvanceSeconds(1);
        Assert.Equal(Keys(1, 30), bounded.System.Effects);
        Assert.Equal(3, bounded.System.Batches.Max());
    }
}
