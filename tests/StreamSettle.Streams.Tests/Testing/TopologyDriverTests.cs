using StreamSettle.Streams.Log;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Streams.Tests.Testing;

public class TopologyDriverTests
{
    [Fact]
    public void A_record_goes_through_all_sub_topologies_and_is_committed_when_pipe_returns()
    {
        using var driver = new TopologyDriver(CountingTopology.Build(), TextDriver.Start);

        driver.Pipe("words", "1", "apple", 10);
        driver.Pipe("words", "2", "avocado", 20);
        driver.Pipe("words", "3", "banana", 30);

        Assert.Equal(["a=1@10", "a=2@20", "b=1@30"], driver.ReadTexts("counts-out").Order());
        Assert.Equal("2", driver.Store("counts", Murmur2Of("a")).Get("a"));
        Assert.Empty(driver.ReadTexts("counts-out"));
    }

    [Fact]
    public void After_a_crash_the_same_graph_goes_on_exactly()
    {
        using var driver = new TopologyDriver(CountingTopology.Build(), TextDriver.Start);
        driver.Pipe("words", "1", "apple", 10);

        driver.Crash();
        driver.Pipe("words", "2", "avocado", 20);

        Assert.Equal(["a=1@10", "a=2@20"], driver.ReadTexts("counts-out"));
    }

    [Fact]
    public void An_aborted_commit_leaves_nothing_and_the_records_are_processed_again()
    {
        using var driver = new TopologyDriver(CountingTopology.Build(), TextDriver.Start);
        var left = 3;
        driver.Log.BeforeCommit = _ =>
        {
            if (left-- > 0)
            {
                throw new TransactionAbortedException("planted");
            }
        };

        driver.Pipe("words", "1", "apple", 10);

        Assert.Equal(["a=1@10"], driver.ReadTexts("counts-out"));
        Assert.True(left < 0);
    }

    static int Murmur2Of(string key) => StreamSettle.Streams.Topologies.Murmur2.Partition(TextDriver.Bytes(key), 3);
}
