using CsCheck;
using StreamSettle.Delivery.Budgets;
using StreamSettle.Kernel.Time;
using Xunit;

namespace StreamSettle.Delivery.Tests.Budgets;

public class SlidingBudgetTests
{
    static readonly MonotonicInstant Start = new(1_000_000_000_000);
    static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    static readonly int[] Windows = [1, 45, 600, 4_000, 90_000, 700_000, 40_000_000];
    static readonly double[] Pauses = [0.2, 20, 1_500, 50_000];

    [Fact]
    public void A_slot_is_free_again_a_window_after_its_completion()
    {
        var budget = new SlidingBudget(1, Window);
        budget.Reserve();
        budget.Complete(Start);

        Assert.Equal(0, budget.Free(Start + Window));
        Assert.Equal(1, budget.Free(Start + Window * 1.01));
    }

    [Fact]
    public void A_request_under_way_is_used_however_long_it_takes()
    {
        var budget = new SlidingBudget(1, Window);
        budget.Reserve();

        Assert.Equal(0, budget.Free(Start + TimeSpan.FromHours(5)));
    }

    [Fact]
    public void Without_a_limit_everything_is_free() => Assert.Equal(long.MaxValue, new SlidingBudget(null, Window).Free(Start));

    [Fact]
    public void A_limit_that_is_learned_counts_what_was_sent_before()
    {
        var budget = new SlidingBudget(null, Window);
        for (var i = 0; i < 30; i++)
        {
            budget.Reserve();
            budget.Complete(Start);
        }

        budget.Learn([new(100, TimeSpan.FromMinutes(30))]);

        Assert.Equal(70, budget.Free(Start + TimeSpan.FromMinutes(29)));
    }

    [Fact]
    public void A_higher_limit_is_taken_up_and_a_lower_one_too()
    {
        var budget = new SlidingBudget(null, Window);
        budget.Learn([new(10, null)]);
        Assert.Equal(10, budget.Free(Start));
        budget.Learn([new(50, null)]);
        Assert.Equal(50, budget.Free(Start));
        budget.Learn(RateReading.Nothing);
        Assert.Equal(50, budget.Free(Start));
        budget.Learn([new(5, null)]);
        Assert.Equal(5, budget.Free(Start));
    }

    [Fact]
    public void The_configured_limit_holds_whatever_the_system_says()
    {
        var budget = new SlidingBudget(20, Window);
        budget.Learn([new(50, null)]);

        Assert.Equal(20, budget.Free(Start));
    }

    [Fact]
    public void What_a_store_remembers_counts_from_the_time_it_says()
    {
        var budget = new SlidingBudget(10, Window);
        budget.Use(Start - TimeSpan.FromSeconds(20), 5);
        budget.Use(Start - TimeSpan.FromSeconds(5), 4);

        Assert.Equal(6, budget.Free(Start));
    }

    /// <summary>I11: wherever between reservation and completion the system counts a request, no window of it holds more than the limit.</summary>
    [Fact]
    public void No_sliding_window_of_arrivals_holds_more_than_the_limit() =>
        Gen.Select(Gen.Int[1, 8], Gen.Select(Gen.Int[0, 4_000_000], Gen.Int[0, 3_000_000], Gen.Double[0, 1]).Array[1, 120]).Sample((limit, calls) =>
        {
            var arrivals = Arrivals(limit, calls).Order().ToArray();
            for (var i = 0; i + limit < arrivals.Length; i++)
            {
                Assert.True(
                    arrivals[i + limit] - arrivals[i] > Window.Ticks / TimeSpan.TicksPerMicrosecond,
                    $"{limit + 1} arrivals within {arrivals[i + limit] - arrivals[i]} us");
            }
        });

    /// <summary>Whatever limits a system names in whatever order: never more free than by a count of everything, and not much less.</summary>
    [Fact]
    public void Limits_of_any_window_that_are_learned_at_any_time_count_all_that_was_sent() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[0, Windows.Length - 1].Select(i => Windows[i]), Gen.Int[0, Pauses.Length - 1].Select(i => Pauses[i])).Array[1, 60].Sample(steps =>
        {
            var budget = new SlidingBudget(null, Window);
            var (now, sent) = (Start, new List<MonotonicInstant>());
            foreach (var (limit, windowSeconds, pauseSeconds) in steps)
            {
                now += TimeSpan.FromSeconds(pauseSeconds);
                var window = TimeSpan.FromSeconds(windowSeconds);
                budget.Learn(new RateReading([new(limit, window)], IsWhole: true, []));
                var free = budget.Free(now);
                Assert.InRange(free, 0, Math.Max(0, limit - sent.Count(at => now - at <= window)));
                Assert.True(free >= limit - sent.Count(at => now - at <= window * 1.15 + TimeSpan.FromSeconds(0.1)), $"{free} of {limit} in {window}");
                if (free > 0)
                {
                    budget.Reserve();
                    budget.Complete(now);
                    sent.Add(now);
                }
            }
        });

    static List<long> Arrivals(int limit, (int PauseUs, int LatencyUs, double At)[] calls)
    {
        var budget = new SlidingBudget(limit, Window);
        var underWay = new PriorityQueue<long, long>();
        var arrivals = new List<long>();
        var nowUs = Start.Microseconds;
        foreach (var (pauseUs, latencyUs, at) in calls)
        {
            nowUs += pauseUs;
            while (underWay.TryPeek(out var endUs, out _) && endUs <= nowUs)
            {
                budget.Complete(new(underWay.Dequeue()));
            }

            if (budget.Free(new(nowUs)) > 0)
            {
                budget.Reserve();
                underWay.Enqueue(nowUs + latencyUs, nowUs + latencyUs);
                arrivals.Add(nowUs + (long)(latencyUs * at));
            }
        }

        return arrivals;
    }
}
