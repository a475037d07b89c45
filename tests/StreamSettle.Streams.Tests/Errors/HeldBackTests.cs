using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Serdes;
using StreamSettle.Streams.Testing;
using StreamSettle.Streams.Tests.Testing;
using StreamSettle.Streams.Topologies;
using Xunit;

namespace StreamSettle.Streams.Tests.Errors;

/// <summary>A record of which the reading needs something that is away.</summary>
public class HeldBackTests
{
    static readonly TimeSpan Enough = TimeSpan.FromMilliseconds(200);

    readonly HashSet<string> away = ["new"];
    readonly List<string> read = [];

    [Fact]
    public void It_waits_and_those_behind_it_do_and_it_is_read_once_that_is_back()
    {
        using var driver = Driver(Lines(1));
        driver.Pipe("input", "a", "old", 1);

        driver.Append("input", "b", "new", 2);
        driver.Append("input", "c", "old", 3);
        driver.AdvanceTime(TimeSpan.FromHours(1));

        Assert.Equal(["a=old@1"], driver.ReadTexts("out"));
        Assert.Equal(1, driver.Log.CommittedPosition("app", new("input", 0)));

        away.Clear();
        driver.AdvanceTime(Enough);

        Assert.Equal(["b=new@2", "c=old@3"], driver.ReadTexts("out"));
        Assert.Equal(3, driver.Log.CommittedPosition("app", new("input", 0)));
    }

    [Fact]
    public void Other_partitions_go_on()
    {
        using var driver = Driver(Lines(2));

        driver.Append("input", "a", "new", 1, partition: 0);
        driver.Append("input", "b", "old", 2, partition: 1);
        driver.AdvanceTime(Enough);

        Assert.Equal(["b=old@2"], driver.ReadTexts("out"));
    }

    [Fact]
    public void It_is_not_tried_at_each_round()
    {
        using var driver = Driver(Lines(1));
        driver.Append("input", "a", "new", 1);

        for (var round = 0; round < 50; round++)
        {
            driver.RunUntilIdle();
        }

        Assert.Equal(["new"], read);
    }

    [Fact]
    public void It_is_held_back_also_after_a_crash()
    {
        using var driver = Driver(Lines(1));
        driver.Pipe("input", "a", "new", 1);

        driver.Crash();
        driver.AdvanceTime(Enough);
        Assert.Empty(driver.ReadTexts("out"));
        away.Clear();
        driver.AdvanceTime(Enough);

        Assert.Equal(["a=new@1"], driver.ReadTexts("out"));
    }

    [Fact]
    public void Of_a_global_topic_it_holds_all_back_punctuations_too()
    {
        var beats = new List<UtcInstant>();
        var topology = new TopologyBuilder()
            .AddTextSource("source", "input")
            .AddProcessor("beat", () => new TextProcessor(context => context.Schedule(TimeSpan.FromSeconds(1), Processors.PunctuationType.WallClockTime, beats.Add), (_, text, _) => read.Add(text)), "source")
            .AddGlobalStore(new("rates"), "rates-source", () => new TextSerde(), () => new Texts(this), "rates", () => new TextProcessor(_ => { }, (_, rate, _) => read.Add("rate " + rate)))
            .Build("app", 1);
        using var driver = Driver(topology);
        driver.Pipe("input", "a", "first", 1);
        read.Clear();

        driver.Append("rates", "EUR", "new");
        driver.Append("rates", "EUR", "next");
        driver.Append("input", "b", "second", 2);
        driver.AdvanceTime(TimeSpan.FromSeconds(10));
        Assert.All(read, text => Assert.Equal("new", text));
        Assert.Empty(beats);

        away.Clear();
        read.Clear();
        driver.AdvanceTime(TimeSpan.FromSeconds(2));

        Assert.Equal(["new", "rate new", "next", "rate next", "second"], read);
        Assert.NotEmpty(beats);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Of_a_global_topic_it_is_read_though_another_partition_has_more_meanwhile(int older)
    {
        var topology = new TopologyBuilder()
            .AddTextSource("source", "input").AddTextSink("sink", "out", "source")
            .AddGlobalStore(new("rates"), "rates-source", () => new TextSerde(), () => new Texts(this), "rates", () => new TextProcessor(_ => { }, (_, rate, _) => read.Add("rate " + rate)))
            .Build("app", 2);
        using var driver = Driver(topology);
        driver.Append("rates", "EUR", "new", 10, partition: 0);
        driver.AdvanceTime(Enough);

        // It is known of, and not fetched while the other waits.
        driver.Append("rates", "USD", "other", 10 + older, partition: 1);
        driver.AdvanceTime(Enough);
        away.Clear();
        read.Clear();
        driver.AdvanceTime(Enough);
        driver.Pipe("input", "a", "first", 12);

        Assert.Equal(["new", "rate new", "other", "rate other"], read);
        Assert.Equal(["a=first@12"], driver.ReadTexts("out"));
    }

    [Fact]
    public void It_is_the_next_one_of_its_task_though_an_older_one_came_to_another_topic_meanwhile()
    {
        var topology = new TopologyBuilder()
            .AddSource("source", () => new TextSerde(), () => new Texts(this), "input").AddTextSource("others", "beside").AddTextSink("sink", "out", "source", "others").Build("app", 1);
        using var driver = Driver(topology);
        driver.Append("input", "a", "new", 10);
        driver.AdvanceTime(Enough);

        driver.Append("beside", "b", "older", 5);
        driver.AdvanceTime(Enough);
        Assert.Empty(driver.ReadTexts("out"));
        away.Clear();
        driver.AdvanceTime(Enough);

        Assert.Equal(["a=new@10", "b=older@5"], driver.ReadTexts("out"));
    }

    Topology Lines(int partitions) => new TopologyBuilder()
        .AddSource("source", () => new TextSerde(), () => new Texts(this), "input").AddTextSink("sink", "out", "source").Build("app", partitions);

    static TopologyDriver Driver(Topology topology) => new(topology, TextDriver.Start);

    /// <summary>Texts of which some cannot be read for now.</summary>
    sealed class Texts(HeldBackTests test) : IDeserializer<string>
    {
        readonly TextSerde texts = new();

        public string Read(ReadOnlySpan<byte> source)
        {
            var text = texts.Read(source);
            test.read.Add(text);
            return test.away.Contains(text) ? throw new EnvironmentFailedException("it is away") : text;
        }
    }
}
