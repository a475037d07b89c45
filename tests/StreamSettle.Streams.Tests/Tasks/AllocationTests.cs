using StreamSettle.Streams.Errors;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Runtime;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;
using StreamSettle.Streams.Tests.Testing;
using StreamSettle.Streams.Topologies;
using Xunit;

namespace StreamSettle.Streams.Tests.Tasks;

public class AllocationTests
{
    const int RecordsPerPoll = 1000;
    const int Rounds = 50;

    [Fact]
    public void Records_stores_outputs_scans_and_commits_allocate_nothing_after_warm_up()
    {
        var topology = new TopologyBuilder()
            .AddSource("source", () => new BytesSerde(), () => new BytesSerde(), "input")
            .AddProcessor("p", () => new Forwarder(), "source")
            .AddStateStore(new StoreSpec("store"), "p")
            .AddSink("sink", "out", () => new BytesSerde(), () => new BytesSerde(), "p")
            .Build("app", 4);
        using var log = new LoopLog(RecordsPerPoll);
        var application = new TaskEnvironment(topology, log, TimeProvider.System, static (_, scoped in _, _) => new DeserializationHandlerResponse.Fail());
        using var globals = new GlobalStores(application);
        using var worker = new StreamWorker(application, new("app", "test") { CommitInterval = TimeSpan.Zero }, globals, topology.SubTopologies);
        Run(worker, Rounds);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(worker, Rounds);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(log.RecordsOut > 2L * Rounds * RecordsPerPoll);
        Assert.True(allocated < Rounds * RecordsPerPoll / 100, $"{allocated} bytes for {Rounds * RecordsPerPoll} records");
    }

    static void Run(StreamWorker worker, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            worker.RunOnce(TimeSpan.Zero);
        }
    }

    /// <summary>Puts, gets, scans, deletes and forwards, as the clock does.</summary>
    sealed class Forwarder : IProcessor<ReadOnlySpan<byte>, ReadOnlySpan<byte>>
    {
        IKeyValueStore store = null!;
        Output<ReadOnlySpan<byte>, ReadOnlySpan<byte>> sink = null!;
        int count;

        public void Init(ProcessorContext context)
        {
            store = context.Store("store");
            sink = context.Output<ReadOnlySpan<byte>, ReadOnlySpan<byte>>("sink");
            context.Schedule(TimeSpan.FromMilliseconds(1), PunctuationType.StreamTime, _ => { });
        }

        public void Process(scoped in Record<ReadOnlySpan<byte>, ReadOnlySpan<byte>> record)
        {
            store.Put(record.Key, record.Value);
            store.TryGet(record.Key, out var value);
            sink.Forward(new Record<ReadOnlySpan<byte>, ReadOnlySpan<byte>> { Key = record.Key, Value = value, TimestampMs = record.TimestampMs, Headers = record.Headers });
            sink.Forward(record);
            if (++count % 100 == 0)
            {
                using var scan = store.Scan([], []);
                for (var left = 10; left > 0 && scan.MoveNext(); left--)
                {
                    store.Delete(scan.Key);
                }
            }
        }
    }
}
