using StreamSettle.Delivery.Tests.Processing;

namespace StreamSettle.Topology.Tests.Calls;

/// <summary>A system has lost a call that it had confirmed: an operator has it sent again, as it was.</summary>
public sealed class SendAgainTests : IDisposable
{
    static readonly TimeSpan UntilMark = TimeSpan.FromSeconds(10);

    static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1);

    readonly ScriptedSystem system = new();
    readonly TestBench bench;

    public SendAgainTests()
    {
        bench = new(new() { System = system, Settings = new() { PunctuationInterval = TimeSpan.FromSeconds(1) }, CommitEvery = 1 });
        bench.Put(new ShopOrder(42) { CompletedAt = TestBench.Start - TestBench.Day + UntilMark, Invoice = """{"no": "R-1"}""" });
    }

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData("42:verification:0"), InlineData("42:split:0"), InlineData("42:tax:0"), InlineData("42:commission:0"), InlineData("42:split:1")]
    public void It_goes_once_more_under_its_key_with_its_bytes_and_no_fact_changes(string key)
    {
        bench.Advance(UntilMark + AMinute);
        bench.Put(new ShopOrder(42) { CompletedAt = TestBench.Start - TestBench.Day + UntilMark, Invoice = """{"no": "R-1, corrected"}""", Refunded = "19.0000" });
        bench.Advance(AMinute);
        var (told, posts) = (bench.Told(42), system.Posts.Count);
        Assert.Equal("ReversalCompleted", told[^1]);
        system.Lose(key);

        bench.SendAgain(key);
        bench.Restart();
        bench.Advance(AMinute);

        var again = Assert.Single(system.Posts.Skip(posts));
        Assert.All(system.Posts.Where(post => post.Key == key), post => Assert.Equal(again.Body, post.Body));
        Assert.Equal(key, system.Effects[^1]);
        Assert.Equal(told, bench.Told(42));
    }

    [Fact]
    public void What_is_not_confirmed_is_left_alone()
    {
        system.OnPost = (key, _) => key == "42:split:0" ? Reply.Of(422, "no") : Reply.Ok;
        bench.SendAgain("42:split:0");
        bench.Advance(UntilMark + AMinute);
        var posts = system.Posts.Count;
        foreach (var key in new[] { "42:split:0", "42:commission:0", "42:split:1", "43:split:0" })
        {
            bench.SendAgain(key);
        }

        bench.Advance(AMinute);
        Assert.Equal(posts, system.Posts.Count);
    }

    [Fact]
    public void One_that_its_system_refuses_now_is_a_dead_letter_and_stays_confirmed_in_the_event_log()
    {
        bench.Advance(UntilMark + AMinute);
        var told = bench.Told(42);
        system.Lose("42:split:0");
        system.OnPost = (_, _) => Reply.Of(422, "closed");
        bench.SendAgain("42:split:0");
        bench.Advance(AMinute);
        Assert.NotNull(bench.DeadLetter("42:split:0"));

        system.OnPost = (_, _) => Reply.Ok;
        bench.Replay("42:split:0");
        bench.Advance(AMinute);
        Assert.Null(bench.DeadLetter("42:split:0"));
        Assert.Equal("42:split:0", system.Effects[^1]);
        Assert.Equal(told, bench.Told(42));
    }
}
