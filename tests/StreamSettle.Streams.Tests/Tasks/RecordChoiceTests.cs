using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Testing;
using StreamSettle.Streams.Tests.Testing;
using StreamSettle.Streams.Topologies;
using Xunit;

namespace StreamSettle.Streams.Tests.Tasks;

public class RecordChoiceTests
{
    [Fact]
    public void A_task_takes_the_record_with_the_smallest_timestamp_of_its_partitions()
    {
        var seen = new List<string>();
        using var driver = new TopologyDriver(Topology(seen), TextDriver.Start);

        driver.Append("right", "k", "r2", 2);
        driver.Append("right", "k", "r4", 4);
        driver.Append("left", "k", "l1", 1);
        driver.Append("left", "k", "l3", 3);
        driver.Append("left", "k", "l0", 0);
        driver.RunUntilIdle();

        Assert.Equal(["l1", "r2", "l3", "l0", "r4"], seen);
    }

    [Fact]
    public void A_partition_that_has_more_in_the_log_is_waited_for()
    {
        var seen = new List<string>();
        using var driver = new TopologyDriver(Topology(seen), TextDriver.Start);

        // More than one poll brings: the later partition must not run ahead meanwhile.
        for (var i = 0; i < 25_000; i++)
        {
            driver.Append("left", "k", "l", i);
        }

        driver.Append("right", "k", "r", 24_000);
        driver.RunUntilIdle();

        Assert.Equal(25_001, seen.Count);
        Assert.InRange(seen.IndexOf("r"), 24_000, 24_001);
    }

    [Fact]
    public void Records_without_key_go_round_the_partitions_the_same_way_after_a_crash()
    {
        using var driver = new TopologyDriver(Spread(), TextDriver.Start);
        for (var i = 0; i < 5; i++)
        {
            driver.Pipe("input", "k", $"{i}", partition: 1);
            driver.Crash();
        }

        Assert.Equal([1, 2, 0, 1, 2], driver.ReadOutput("out").OrderBy(record => record.Value![0]).Select(record => record.Partition));
        Assert.All(driver.ReadOutput("out"), record => Assert.Null(record.Key));
    }

    static Topology Topology(List<string> seen) => new TopologyBuilder().AddTextSource("source", "left", "right")
        .AddProcessor("p", () => new TextProcessor(_ => { }, (_, value, _) => seen.Add(value)), "source").Build("app", 1);

    static Topology Spread()
    {
        return new TopologyBuilder().AddTextSource("source", "input").AddProcessor("p", Keyless, "source").AddTextSink("sink", "out", "p").Build("app", 3);

        static TextProcessor Keyless()
        {
            Output<string, string> sink = null!;
            return new(
                context => sink = context.Output<string, string>("sink"),
                (_, value, at) => sink.Forward(new() { Key = null!, KeyIsNull = true, Value = value, TimestampMs = at }));
        }
    }
}
