using StreamSettle.Settlement.Rules;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Payouts;
using StreamSettle.Topology.Tests.Lives;

namespace StreamSettle.Topology.Tests.Payouts;

/// <summary>A bench with payouts. Its clock begins on Sunday, 2026-11-01, at midnight UTC; punctuations come each minute.</summary>
sealed class PayoutBench : IDisposable
{
    public static readonly TimeSpan AMoment = TimeSpan.FromMinutes(5);

    readonly BenchOptions options;

    public PayoutBench(RuleBook rules, int maxFired = 500)
    {
        options = new() { Rules = rules, Settings = new() { PunctuationInterval = TimeSpan.FromMinutes(1), MaxFired = maxFired }, CommitEvery = 1 };
        Bench = new(options);
    }

    public PayoutBench(string payouts, int maxFired = 500)
        : this(PayoutRules.With(payouts), maxFired)
    {
    }

    public TestBench Bench { get; }

    /// <summary>The state was lost and made anew: calls of before were sent by nobody who is there.</summary>
    public bool IsRebuilt { get; set; }

    /// <summary>The process starts anew, with other rules and calendars.</summary>
    public void Restart(RuleBook rules)
    {
        options.Rules = rules;
        Bench.Restart();
    }

    /// <summary>Whatever happened, the log tells what the stores hold.</summary>
    public void Dispose()
    {
        QueueCheck.Check(Bench);
        _ = IsRebuilt ? FoldCheck.Stores(Bench) : FoldCheck.Check(Bench);
        Bench.Dispose();
    }

    /// <summary>An order whose mark is so long after the bench's start.</summary>
    public static ShopOrder Order(long id, TimeSpan mark) => new(id) { CompletedAt = TestBench.Start - TestBench.Day + mark };

    /// <summary>Puts an order with that mark, and lets it pass.</summary>
    public void Settle(ShopOrder order)
    {
        Bench.Put(order);
        Until(order.CompletedAt!.Value + TestBench.Day + AMoment);
    }

    public void Until(string time) => Until(UtcInstant.Parse(time));

    public void Until(UtcInstant time) => Bench.Advance(time - Bench.Now);

    /// <summary>The splits that were given to delivery, by key, in the order of their commands.</summary>
    public string[] Splits() => [.. Bench.Calls().Where(call => call is { Key: { Leg: Leg.Split, N: 0 }, Kind: DeliveryCommandKind.Send }).Select(call => call.Text)];

    /// <summary>How many were given to delivery.</summary>
    public int SplitCount => Splits().Length;

    /// <summary>When an order's split was let go.</summary>
    public string ReleasedAt(long order) => Bench.Only<PayoutReleased>(order).RecordedAt;

    public PayoutsSeen Seen => Bench.Tallies.Payouts;

    /// <summary>Everything that is kept of payouts that wait is gone.</summary>
    public void AssertNothingIsKept()
    {
        for (var partition = 0; partition < Bench.Partitions; partition++)
        {
            using var scan = Bench.Driver.Store(StoreNames.WaitingPayouts, partition).Scan([], []);
            Assert.False(scan.MoveNext());
        }

        Assert.Empty(Seen.Due);
        Assert.Empty(Seen.Gathering);
        Assert.Equal(0, Bench.Tallies.Settle.PayoutsWaiting);
    }
}
