using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Testing;
using StreamSettle.Streams.Tests.Testing;
using StreamSettle.Streams.Topologies;
using Xunit;

namespace StreamSettle.Streams.Tests.Tasks;

public class CommitTests
{
    readonly List<string> calls = [];
    ProcessorContext context = null!;
    IKeyValueStore store = null!;

    [Fact]
    public void What_is_written_before_the_commit_is_part_of_it()
    {
        using var driver = Driver();

        driver.Pipe("input", "k", "v", 7);

        Assert.Equal(["process v", "before", "after"], calls);
        Assert.Equal("yes", driver.Store("store").Get("flushed"));
        Assert.Equal(1, driver.Log.Commits);
    }

    [Fact]
    public void A_requested_commit_comes_after_the_record()
    {
        using var driver = Driver();
        driver.Append("input", "k", "commit", 1);
        driver.Append("input", "k", "v", 2);

        driver.RunUntilIdle();

        Assert.Equal(["process commit", "before", "after", "process v", "before", "after"], calls);
    }

    [Fact]
    public void Nothing_is_committed_when_nothing_was_done()
    {
        using var driver = Driver();

        driver.RunUntilIdle();
        driver.AdvanceTime(TimeSpan.FromSeconds(1));

        Assert.Equal(0, driver.Log.Commits);
        Assert.Empty(calls);
    }

    [Fact]
    public void Positions_and_ends_are_seen_while_a_record_is_processed()
    {
        using var driver = Driver();
        driver.Append("input", "k", "position", 1);
        driver.Append("input", "k", "position", 2);

        driver.RunUntilIdle();

        Assert.Equal(["position 1 of 2", "position 2 of 2"], calls.Where(call => call.StartsWith("position ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_commit_that_fails_for_good_leaves_the_last_committed_state_to_the_next_start()
    {
        using var driver = Driver();
        driver.Pipe("input", "k", "first", 1);
        driver.Log.BeforeCommit = _ => throw new IOException("planted");
        Assert.Throws<IOException>(() => driver.Pipe("input", "k", "second", 2));
        Assert.Equal(1, driver.Log.CommittedPosition("app", new("input", 0)));

        driver.Log.BeforeCommit = null;
        driver.Crash();
        calls.Clear();
        driver.RunUntilIdle();

        Assert.Equal(["process second", "before", "after"], calls);
    }

    TopologyDriver Driver()
    {
        var topology = new TopologyBuilder().AddTextSource("source", "input").AddProcessor<string, string>("p", Processor, "source")
            .AddStateStore(new StoreSpec("store"), "p").Build("app", 1);
        return new(topology, TextDriver.Start);
    }

    TextProcessor Processor() => new(
        given =>
        {
            context = given;
            store = given.Store("store");
        },
        (_, value, _) => Process(value))
    {
        BeforeCommitted = () =>
        {
            calls.Add("before");
            store.Put("flushed", "yes");
        },
        AfterCommitted = () => calls.Add("after"),
    };

    void Process(string value)
    {
        calls.Add(value == "position" ? $"position {context.Position("input")} of {context.EndOffset("input")}" : $"process {value}");
        if (value == "commit")
        {
            context.RequestCommit();
        }
    }
}
