using StreamSettle.Delivery.Tests.Processing;
using StreamSettle.Schemas.Orders;

namespace StreamSettle.Topology.Tests.Formats;

/// <summary>
/// Two releases side by side on the same topics, as in a rolling upgrade: what one writes the other reads, through the whole graph. The released one is real; the next one has a field more in each of
/// our schemas, as docs/evolving-schemas.md has a developer add it.
/// </summary>
public sealed class RollingUpgradeTests : IDisposable
{
    const string Next = "next";

    readonly LocalMessages messages = new();

    public void Dispose() => messages.Dispose();

    [Theory]
    [InlineData("0.1.0")]
    [InlineData(Next)]
    public void What_another_release_writes_is_settled_as_if_this_one_had_written_it(string release)
    {
        var other = Release(release);
        Assert.Equal(Lived(null), Lived(other));

        string[] released = ["DueOrder", "DeliveryCommand", "DeliveryResult"];
        string[] all = [.. released, "DeadLetter", "SettlementFact"];
        Assert.Equal((release == Next ? all : released).Order(), other.Rewritten.Keys.Order());
        Assert.All(other.Rewritten.Values, count => Assert.True(count > 0));
    }

    [Theory]
    [InlineData("0.1.0")]
    [InlineData(Next)]
    public void Of_two_releases_by_turns_neither_misses_anything(string release)
    {
        var (other, turn) = (Release(release), 0);
        var system = new ScriptedSystem();
        using var bench = Bench(system);
        bench.Log.BeforeCommit = commit =>
        {
            if (turn++ % 2 == 0)
            {
                other.Rewrite(commit);
            }
        };
        Assert.Equal(Lived(null), Live(bench, system));
        Assert.True(other.Rewritten.Count >= 3);
    }

    OtherRelease Release(string release) => new(messages, message => release == Next ? OtherRelease.Next(message) : OtherRelease.Released(release, message));

    TestBench Bench(ScriptedSystem system) => new(new()
    {
        System = system, Settings = new() { PunctuationInterval = TimeSpan.FromSeconds(1) }, CommitEvery = 1, Formats = () => messages.Formats(writesAvro: true),
    });

    IReadOnlyList<string> Lived(OtherRelease? other)
    {
        var system = new ScriptedSystem();
        using var bench = Bench(system);
        if (other is not null)
        {
            bench.Log.BeforeCommit = other.Rewrite;
        }

        return Live(bench, system);
    }

    /// <summary>An order that is settled with its invoice and refunded, one that is taken back, one that is refused, replayed and settled; and what is told and sent for all of them.</summary>
    static List<string> Live(TestBench bench, ScriptedSystem system)
    {
        bench.Put(Order(42) with { Category = "gap", Invoice = """{"no": "R-\u00fc"}""" });
        bench.Put(Order(43) with { Currency = "XXX" });
        bench.Put(Order(44));
        bench.Put(Order(44) with { Status = OrderStatus.Cancelled });
        bench.Advance(TimeSpan.FromMinutes(2));
        bench.Put(Order(42) with { Category = "gap", Refunded = "20.0000" });
        bench.Put(Order(43));
        bench.Advance(TimeSpan.FromMinutes(5));
        List<string> lived = [.. new long[] { 42, 43, 44 }.SelectMany(id => bench.Told(id).Select(told => $"{id} {told}"))];
        Assert.Contains("42 ReversalCompleted", lived);
        Assert.Contains("43 SettlementCompleted", lived);
        Assert.Contains("44 SettlementCancelled", lived);
        lived.AddRange(system.Posts.Select(post => $"{post.Key} {post.Body}").Order(StringComparer.Ordinal));
        Assert.Contains(lived, line => line.Contains("R-", StringComparison.Ordinal));
        return lived;
    }

    static ShopOrder Order(long id) => new(id) { CompletedAt = TestBench.Start - TestBench.Day + TimeSpan.FromSeconds(10) };
}
