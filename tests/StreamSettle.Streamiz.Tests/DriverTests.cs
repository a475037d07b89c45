using System.Text;
using Streamiz.Kafka.Net.SerDes;
using StreamSettle.Kernel.Time;
using StreamSettle.Streamiz.Tests.Driver;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Testing;
using StreamSettle.Streams.Tests.Testing;
using StreamSettle.Streams.Topologies;
using Xunit;

namespace StreamSettle.Streamiz.Tests;

/// <summary>Hosted topologies under Streamiz' own test driver; the settlement graph's are in <c>StreamSettle.Streamiz.Topology.Tests</c>.</summary>
public class DriverTests
{
    [Fact]
    public void What_is_piped_into_its_input_topic_comes_out_of_its_output_topic()
    {
        using var driver = new StreamizDriver(CountingTopology.Build(), Clock());
        var bytes = new ByteArraySerDes();
        var inputs = driver.Own.CreateInputTopic("words", bytes, bytes);
        var outputs = driver.Own.CreateOutputTopic("counts-out", TimeSpan.FromMilliseconds(100), bytes, bytes);

        foreach (var (word, at) in new[] { ("apple", 10), ("avocado", 20), ("banana", 30) })
        {
            inputs.PipeInput(TextDriver.Bytes(word), TextDriver.Bytes(word), DateTimeOffset.FromUnixTimeMilliseconds(at).UtcDateTime);
            driver.RunUntilIdle();
        }

        Assert.Equal(["a=1@10", "a=2@20", "b=1@30"], Enumerable.Range(0, 3).Select(_ => outputs.ReadKeyValue()).Select(
            read => $"{Encoding.UTF8.GetString(read.Message.Key)}={Encoding.UTF8.GetString(read.Message.Value)}@{read.Message.Timestamp.UnixTimestampMs}").Order());
    }

    [Fact]
    public void After_a_crash_it_goes_on_exactly()
    {
        using var driver = new StreamizDriver(CountingTopology.Build(), Clock());
        Pipe(driver, "apple", 1);
        driver.Append("words", "anchovy"u8, "anchovy"u8, 2);
        driver.Crash();
        Pipe(driver, "avocado", 3);

        Assert.Equal(["a=1", "a=2", "a=3"], driver.ReadOutput("counts-out").Select(read => $"{Encoding.UTF8.GetString(read.Key!)}={Encoding.UTF8.GetString(read.Value!)}"));
    }

    [Fact]
    public void Punctuations_fire_at_their_times_of_a_virtual_clock_and_are_committed()
    {
        var clock = Clock();
        var topology = new TopologyBuilder().AddTextSource("source", "in").AddProcessor<string, string>("tick", () => new Ticking(), "source").AddStateStore(new("ticks"), "tick").Build("ticking", 1);
        using var driver = new StreamizDriver(topology, clock);
        driver.AdvanceTime(TimeSpan.FromMinutes(3.5));

        Assert.Equal("3", driver.Store("ticks").Get("n"));
        Assert.Equal(TextDriver.Start + TimeSpan.FromMinutes(3.5), UtcInstant.Now(clock));
        Assert.Equal("2026-11-01T00:03:00Z", driver.Store("ticks").Get("last"));
    }

    [Fact]
    public void What_processors_write_when_they_are_initialized_is_committed_though_nothing_else_comes()
    {
        IKeyValueStore store = null!;
        var topology = new TopologyBuilder()
            .AddTextSource("source", "in")
            .AddProcessor<string, string>("begin", () => new TextProcessor(
                context =>
                {
                    store = context.Store("begun");
                    store.Put("task", context.Task.ToString());
                    context.Output<string, string>("sink").Send("k", "begun", 1);
                },
                (_, _, _) => { }), "source")
            .AddStateStore(new("begun"), "begin")
            .AddTextSink("sink", "out", "begin")
            .Build("beginning", 1);
        using var driver = new StreamizDriver(topology, Clock());

        Assert.Equal("0_0", driver.Store("begun").Get("task"));
        Assert.Equal(["k=begun@1"], driver.ReadTexts("out"));
    }

    [Fact]
    public void What_ends_the_application_is_thrown_where_it_was_caused()
    {
        using var driver = new StreamizDriver(
            new TopologyBuilder().AddTextSource("source", "in").AddProcessor<string, string>("fail", () => new TextProcessor(_ => { }, (_, word, _) => throw new InvalidDataException(word)), "source").Build("failing", 1),
            Clock());

        Assert.Equal("no", Assert.ThrowsAny<Exception>(() => driver.Pipe("in", "k"u8, "no"u8, 1)).GetBaseException().Message);
    }

    static VirtualTime Clock() => new(TextDriver.Start.ToDateTimeOffset());

    static void Pipe(StreamizDriver driver, string word, long timestampMs) => driver.Pipe("words", TextDriver.Bytes(word), TextDriver.Bytes(word), timestampMs);

    sealed class Ticking : IProcessor<string, string>
    {
        IKeyValueStore ticks = null!;

        public void Init(ProcessorContext context)
        {
            ticks = context.Store("ticks");
            context.Schedule(TimeSpan.FromMinutes(1), PunctuationType.WallClockTime, Tick);
        }

        public void Process(scoped in Record<string, string> record)
        {
        }

        void Tick(UtcInstant now)
        {
            ticks.Put("n", (int.Parse(ticks.Get("n") ?? "0", System.Globalization.CultureInfo.InvariantCulture) + 1).ToString(System.Globalization.CultureInfo.InvariantCulture));
            ticks.Put("last", now.ToString());
        }
    }
}
