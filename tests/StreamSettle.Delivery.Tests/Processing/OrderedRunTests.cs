using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Holds;
using StreamSettle.Kernel.Time;
using Xunit;
using static StreamSettle.Delivery.Tests.Processing.OrderedBench;

namespace StreamSettle.Delivery.Tests.Processing;

/// <summary>Runs of a lane beside all that else decides what goes: room, budgets, holds, degraded systems, crashes, another configuration.</summary>
public sealed class OrderedRunTests
{
    readonly DeliveryBench bench = New();

    [Fact]
    public void Many_merchants_and_a_dominant_one_share_batches_and_none_starves()
    {
        var shared = New(Configured with { Concurrency = 1 });
        shared.System.OnBatch = _ => Reply.Held;
        Append(shared, 1, 400);
        for (var order = 501; order <= 516; order++)
        {
            shared.Append(order, merchant: order);
        }

        shared.AdvanceSeconds(1);
        for (var batch = 0; batch < 6; batch++)
        {
            shared.System.Release();
            shared.AdvanceSeconds(1);
        }

        Assert.Equal(16, shared.System.Effects.Count(key => OrderOf(key) > 500));
        Assert.InRange(shared.System.Effects.Count, 40, 48);
    }

    [Fact]
    public void A_batch_is_one_request_of_the_budget_however_many_of_a_merchant_are_in_it()
    {
        var limited = New(Configured with { RateLimit = 4, RateWindow = TimeSpan.FromMinutes(1) });
        Append(limited, 1, 40);
        limited.AdvanceSeconds(50);
        Assert.Equal(16, limited.System.Effects.Count);
        limited.AdvanceSeconds(61);
        Assert.Equal(Keys(1, 40), limited.System.Effects);
    }

    [Fact]
    public void After_a_crash_a_batch_that_was_under_way_counts_as_one_request_and_is_asked_for()
    {
        var limited = New(Configured with { RateLimit = 11, RateWindow = TimeSpan.FromMinutes(1) });
        Append(limited, 1, 8);
        limited.System.OnBatch = _ => Reply.Held;
        limited.AdvanceSeconds(1);
        limited.System.Release();
        limited.Crash();
        limited.System.OnBatch = _ => null;
        limited.AdvanceSeconds(1);

        // Two before, the batch, and eight questions.
        Assert.Equal(8, limited.System.Gets.Count);
        Assert.Equal(11, limited.Status.Budget.Used);
        Assert.Equal(8, limited.Results.Count(result => result is { Outcome: DeliveryOutcome.Confirmed, Attempt: 1, Key.Order.Value: <= 8 }));
    }

    [Fact]
    public void A_held_orders_call_is_passed_wherever_it_is_in_the_run()
    {
        var hold = Hold("order:3");
        bench.System.OnBatch = _ => bench.System.Batches.Count == 1 ? Reply.Held : null;
        Append(bench, 1, 8);
        bench.Run();
        bench.Holds.Take(hold);
        for (var order = 9; order <= 12; order++)
        {
            bench.Append(order);
        }

        bench.AdvanceSeconds(1);
        bench.System.Release(Reply.Vanished);
        bench.AdvanceSeconds(10);
        Assert.Equal(Keys(1, 12).Where(key => key[0] != '3'), bench.System.Effects);
        bench.Crash();
        bench.Holds.Take(hold with { Release = new("bob", "r", "", UtcInstant.Now(bench.Time)) });
        bench.AdvanceSeconds(1);

        Assert.Equal("3:split:0", bench.System.Effects[^1]);
    }

    [Theory]
    [InlineData("merchant:7")]
    [InlineData("everything")]
    public void A_held_merchants_run_is_given_back_before_it_is_sent_and_keeps_its_order(string scope)
    {
        var limited = New(Configured with { RateLimit = 3, RateWindow = TimeSpan.FromMinutes(1) });
        Append(limited, 1, 20);
        limited.AdvanceSeconds(1);
        Assert.Equal(Keys(1, 8), limited.System.Effects);
        limited.Holds.Take(Hold(scope));
        limited.AdvanceSeconds(300);
        Assert.Equal(8, limited.System.Effects.Count);
        limited.Holds.Take(Hold(scope) with { Release = new("bob", "r", "", UtcInstant.Now(limited.Time)) });
        limited.AdvanceSeconds(120);

        Assert.Equal(Keys(1, 20), limited.System.Effects);
    }

    [Fact]
    public void While_a_system_is_degraded_a_lane_goes_by_single_probes_and_in_order()
    {
        bench.System.OnPost = (_, n) => n <= 2 ? Reply.Of(500) : Reply.Ok;
        for (var order = 2_000; order < 2_040; order++)
        {
            bench.Append(order, merchant: order);
        }

        bench.AdvanceSeconds(2);
        Assert.NotNull(bench.Status.Breaker.Reason);
        bench.System.Batches.Clear();
        bench.System.OnPost = (_, _) => Reply.Ok;
        Append(bench, 1, 20);
        bench.AdvanceSeconds(300);

        Assert.Equal(Keys(1, 20), bench.System.Effects.Where(key => OrderOf(key) <= 20));
        Assert.Equal(40, bench.System.Effects.Count(key => OrderOf(key) >= 2_000));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_waits_behind_the_first_waits_as_long_on_another_machine(bool otherMachine)
    {
        bench.System.InOrder = false;
        bench.System.OnPost = (key, n) => n > 1 ? Reply.Ok : Reply.Of(503, retryAfter: key == "1:split:0" ? "5" : "60");
        Append(bench, 1, 8);
        bench.AdvanceSeconds(1);
        bench.CrashFor(() =>
        {
            bench.Boot = otherMachine ? new("00000000-0000-0000-0000-000000000002") : bench.Boot;
            bench.Time.Advance(otherMachine ? TimeSpan.FromMinutes(90) : TimeSpan.Zero);
        });
        bench.AdvanceSeconds(40);
        Assert.Equal(Keys(1, 1), bench.System.Effects);
        bench.AdvanceSeconds(40);

        Assert.Equal(Keys(1, 8), bench.System.Effects);
    }

    [Theory]
    [InlineData(BatchOrder.OnePerMerchant, 8, true)]
    [InlineData(BatchOrder.OnePerMerchant, 1, true)]
    [InlineData(BatchOrder.InOrder, 3, true)]
    [InlineData(BatchOrder.OnePerMerchant, 8, false)]
    [InlineData(BatchOrder.InOrder, 8, false)]
    public void What_was_under_way_at_a_crash_goes_on_under_another_configuration(BatchOrder order, int size, bool ordered)
    {
        bench.System.OnBatch = _ => Reply.Held;
        Append(bench, 1, 20);
        bench.AdvanceSeconds(1);
        bench.CrashFor(() => bench.Reconfigure(Configured with { BatchOrder = order, BatchSize = size, Ordered = ordered }));
        bench.System.OnBatch = _ => null;
        bench.AdvanceSeconds(60);

        Assert.Equal(Keys(1, 20).Order(), bench.System.Effects.Order());
        Assert.Equal(20, bench.Results.Count(result => result is { Outcome: DeliveryOutcome.Confirmed, Key.Order.Value: <= 20 }));
        if (ordered)
        {
            Assert.Equal(Keys(1, 20), bench.System.Effects);
        }

        bench.CrashFor(() => bench.Reconfigure(Configured));
        Append(bench, 21, 10);
        bench.AdvanceSeconds(5);
        Assert.Equal(Keys(21, 10), bench.System.Effects.Skip(20));
    }

    [Fact]
    public void Without_order_many_of_a_merchant_share_a_batch_all_the_same()
    {
        var unordered = New(Configured with { Ordered = false });
        unordered.System.OnPost = (key, n) => key == "2:split:0" && n < 3 ? Reply.Of(500) : Reply.Ok;
        for (var order = 1; order <= 8; order++)
        {
            unordered.Append(order);
        }

        unordered.AdvanceSeconds(20);

        // Each comes by a commit of its own; from the third on it is known that others come.
        Assert.Equal([1, 1, 6], unordered.System.Batches.Take(3));
        Assert.Equal(8, unordered.System.Effects.Count);
    }

    static Hold Hold(string scope) => HoldScope.TryParse(scope, out var parsed)
        ? new($"h-{scope}", parsed, "looked into", "ann", DeliveryBench.Start, null)
        : throw new ArgumentException(scope);
}
