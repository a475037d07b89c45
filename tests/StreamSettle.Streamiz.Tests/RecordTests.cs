using Microsoft.Extensions.Logging.Abstractions;
using StreamSettle.Kafka.Tests.Testing;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Errors;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Runtime;
using StreamSettle.Streams.Streamiz;
using StreamSettle.Streams.Testing;
using StreamSettle.Streams.Tests.Testing;
using StreamSettle.Streams.Topologies;
using Xunit;

namespace StreamSettle.Streamiz.Tests;

/// <summary>What Streamiz would drop or alter on a record's way goes past it.</summary>
public sealed class RecordTests : IAsyncDisposable
{
    const long InTheYear20000Ms = 568_971_820_800_000;

    readonly MemoryLog log = new();
    readonly List<string> unreadable = [];
    readonly StreamsApp app;
    readonly OutputReader outputs;

    public RecordTests()
    {
        var topology = new TopologyBuilder()
            .AddSource<string, string>("source", () => new TextSerde(), () => new TextSerde(), "in")
            .AddProcessor<string, string>("echo", () => new Echo(), "source")
            .AddStateStore(new("seen"), "echo")
            .AddTextSink("sink", "out", "echo")
            .Build("app", 1);
        log.EnsureTopics(topology.Topics);
        outputs = new(log);
        var options = new StreamsOptions
        {
            CommitInterval = TimeSpan.Zero,
            OnDeserializationException = (_, scoped in _, failure) =>
            {
                unreadable.Add(failure.Message);
                return new DeserializationHandlerResponse.Continue();
            },
        };
        app = StreamizHost.Open(topology, log, options, TimeProvider.System, NullLoggerFactory.Instance);
        app.Start();
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public void One_without_key_before_a_store_is_processed()
    {
        var read = Pass(new() { TimestampMs = 1, KeyIsNull = true, Value = "v"u8 });

        Assert.Null(read.Key);
        Assert.Equal("v"u8.ToArray(), read.Value);
    }

    [Fact]
    public void An_empty_key_and_a_missing_value_stay_what_they_are()
    {
        var read = Pass(new() { TimestampMs = 1, ValueIsNull = true });

        Assert.Equal([], read.Key!);
        Assert.Null(read.Value);
    }

    [Fact]
    public void Headers_come_through_in_their_order_with_and_without_values()
    {
        var headers = Headers.Encode(("a", [1]), ("b", null), ("a", []));

        Assert.Equal(headers, Pass(new() { TimestampMs = 1, Key = "k"u8, Value = "v"u8, Headers = headers }).EncodedHeaders);
    }

    [Fact]
    public void One_dated_after_the_year_9999_keeps_its_date() => Assert.Equal(InTheYear20000Ms, Pass(new() { TimestampMs = InTheYear20000Ms, Key = "k"u8, Value = "v"u8 }).TimestampMs);

    [Fact]
    public void One_dated_before_the_epoch_is_told_as_unreadable_and_not_dropped()
    {
        Append(new() { TimestampMs = -5, Key = "k"u8, Value = "v"u8 });
        Pass(new() { TimestampMs = 1, Key = "k"u8, Value = "v"u8 });

        Assert.Equal(["the timestamp -5 is below zero"], unreadable);
    }

    [Fact]
    public void A_thread_group_with_stores_is_refused() => Assert.Contains(
        "the thread group 'counting' has stores (counts)",
        Assert.Throws<UserMistakeException>(() => StreamizHost.Open(CountingTopology.Build(), log, new() { Groups = [new("counting", 1, ["count"])] }, TimeProvider.System, NullLoggerFactory.Instance)).Message,
        StringComparison.Ordinal);

    OutputRecord Pass(scoped in RawRecord record)
    {
        Append(record);
        List<OutputRecord> read = [];
        Eventually.Holds(() => (read = [.. read, .. outputs.Read("out")]).Count == 1, () => $"nothing came out, the application is {app.State}");
        return read[0];
    }

    void Append(scoped in RawRecord record)
    {
        var batch = new RecordBatch();
        batch.Add(record);
        log.Append(new("in", 0), batch);
    }

    sealed class Echo : IProcessor<string, string>
    {
        Output<string, string> sink = null!;

        public void Init(ProcessorContext context) => sink = context.Output<string, string>("sink");

        public void Process(scoped in Record<string, string> record) => sink.Forward(record);
    }
}
