namespace StreamSettle.Topology.Tests.Marks;

/// <summary>A wall clock that jumps against the monotonic one: late is better than early.</summary>
public sealed class ClockJumpTests : IDisposable
{
    readonly TestBench bench = new(new() { Settings = new() { PunctuationInterval = TimeSpan.FromSeconds(10) } });
    readonly ShopOrder order = new(42) { CompletedAt = TestBench.Start - TestBench.Day + TimeSpan.FromMinutes(10) };

    public void Dispose() => bench.Dispose();

    [Fact]
    public void A_jump_over_the_mark_suspends_and_goes_on_after_a_minute_of_agreement()
    {
        bench.Put(order);
        bench.Advance(TimeSpan.FromSeconds(30));
        bench.Time.JumpWall(TimeSpan.FromHours(2));
        bench.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(["SettlementScheduled"], bench.Told(42));
        Assert.Contains("jumped", Assert.Single(bench.Gate.Reasons()), StringComparison.Ordinal);
        bench.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
    }

    [Fact]
    public void A_jump_that_is_taken_back_within_the_minute_fires_nothing()
    {
        bench.Put(order);
        bench.Advance(TimeSpan.FromSeconds(30));
        bench.Time.JumpWall(TimeSpan.FromHours(2));
        bench.Advance(TimeSpan.FromSeconds(30));
        bench.Time.JumpWall(-TimeSpan.FromHours(2));
        bench.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(["SettlementScheduled"], bench.Told(42));
        bench.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
    }

    [Fact]
    public void An_operator_lets_it_go_on_at_once()
    {
        bench.Put(order);
        bench.Advance(TimeSpan.FromSeconds(30));
        bench.Time.JumpWall(TimeSpan.FromHours(2));
        bench.Advance(TimeSpan.FromSeconds(10));
        bench.Guard.Resume();
        bench.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
    }

    [Fact]
    public void After_a_jump_back_before_the_start_of_the_run_orders_are_fired_and_released_at_their_marks()
    {
        bench.Advance(TimeSpan.FromMinutes(5));
        bench.Restart();
        bench.Advance(TimeSpan.FromMinutes(1));
        bench.Put(order);
        bench.Put(new(43) { CompletedAt = TestBench.Start - TestBench.Day - TimeSpan.FromMinutes(50) });
        bench.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("SettlementCompleted", bench.Told(43)[^1]);

        bench.Time.JumpWall(-TimeSpan.FromHours(1));
        bench.Put(new(44) { CompletedAt = TestBench.Start - TestBench.Day - TimeSpan.FromMinutes(40) });
        bench.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(["SettlementScheduled"], bench.Told(44));
        bench.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal("SettlementCompleted", bench.Told(44)[^1]);
        Assert.Equal(["SettlementScheduled"], bench.Told(42));
        bench.Advance(TimeSpan.FromMinutes(60));
        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
    }
}
