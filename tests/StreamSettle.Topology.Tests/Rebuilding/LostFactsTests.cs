using StreamSettle.Delivery.Tests.Processing;

namespace StreamSettle.Topology.Tests.Rebuilding;

/// <summary>Facts that the event log had not got yet when the state was lost: a downstream system knows more than the log, so a person decides, and nothing is paid twice.</summary>
public sealed class LostFactsTests : IDisposable
{
    static readonly TimeSpan UntilMark = TimeSpan.FromSeconds(10);
    static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1);

    readonly ScriptedSystem system = new();
    readonly TestBench bench;

    public LostFactsTests() => bench = new(new() { System = system, Settings = new() { PunctuationInterval = TimeSpan.FromSeconds(1) }, CommitEvery = 1 });

    public void Dispose() => bench.Dispose();

    static ShopOrder Order(long id = 42) => new(id) { CompletedAt = TestBench.Start - TestBench.Day + UntilMark, Invoice = """{"no": "R-1"}""" };

    /// <summary>All facts but the first few are lost.</summary>
    void Keep(int facts) => bench.Facts.Lose(42, bench.Told(42).Length - facts);

    void SettleThenLoseAllBut(int facts)
    {
        bench.Put(Order());
        bench.Advance(UntilMark + AMinute);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
        Keep(facts);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_calculation_that_was_lost_is_held_until_a_person_takes_what_the_systems_have(int facts)
    {
        SettleThenLoseAllBut(facts);
        bench.Rebuild(Order());
        bench.Advance(AMinute);
        Assert.StartsWith("held:", bench.DeadLetter("42:verification:0")!.Reason, StringComparison.Ordinal);
        Assert.Equal(4, system.Posts.Count);
        Assert.Equal("DeliveryDeadLettered", bench.Told(42)[^1]);

        bench.Replay("42:verification:0");
        bench.Advance(AMinute);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
        Assert.Equal(4, system.Posts.Count);
        Assert.Empty(bench.DeadLetters());
    }

    [Fact]
    public void A_calculation_that_would_be_another_now_sends_nothing_either()
    {
        SettleThenLoseAllBut(1);
        bench.Rebuild(Order() with { Gross = "238.0000" });
        bench.Advance(AMinute);
        Assert.StartsWith("held:", bench.DeadLetter("42:verification:0")!.Reason, StringComparison.Ordinal);
        Assert.Equal(4, system.Posts.Count);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Answers_that_were_lost_are_asked_for_again(int facts)
    {
        SettleThenLoseAllBut(facts);
        bench.Rebuild(Order());
        bench.Advance(AMinute);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
        Assert.Equal(4, system.Posts.Count);
        Assert.Equal(4, bench.Events(42).OfType<DeliveryConfirmed>().Count());
    }

    [Fact]
    public void A_reversal_that_was_lost_is_held()
    {
        bench.Put(Order());
        bench.Advance(UntilMark + AMinute);
        var facts = bench.Told(42).Length;
        bench.Put(Order() with { Refunded = "19.0000" });
        bench.Advance(AMinute);
        Keep(facts);
        bench.Rebuild(Order() with { Refunded = "29.0000" });
        bench.Advance(AMinute);

        Assert.Equal(7, system.Posts.Count);
        Assert.All(["42:split:1", "42:tax:1"], key => Assert.StartsWith("held:", bench.DeadLetter(key)!.Reason, StringComparison.Ordinal));
        Assert.Contains("ReversalCalculated", bench.Told(42));
    }

    [Fact]
    public void An_order_that_was_never_called_for_is_asked_for_once_and_sent()
    {
        bench.Put(Order());
        bench.Time.Advance(TestBench.Day);
        bench.Rebuild(Order());
        bench.Advance(AMinute);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
        Assert.Equal(4, system.Effects.Count);
        Assert.Equal(["42:verification:0", "42:split:0", "42:tax:0", "42:commission:0"], system.Gets);
        Assert.Empty(bench.Events(42).OfType<DeliveryFailed>());
    }

    [Fact]
    public void Orders_whose_marks_come_later_are_called_for_as_ever()
    {
        var later = Order() with { CompletedAt = Order().CompletedAt + TimeSpan.FromHours(1) };
        bench.Put(later);
        bench.Rebuild(later);
        bench.Advance(TimeSpan.FromHours(1) + UntilMark + AMinute);
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
        Assert.Empty(system.Gets);
    }
}
