using Microsoft.Extensions.Logging.Abstractions;
using Streamiz.Kafka.Net;
using Streamiz.Kafka.Net.Mock;
using Streamiz.Kafka.Net.SerDes;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Runtime;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Streamiz.Hosting;
using StreamSettle.Streams.Tasks;
using StreamSettle.Streams.Testing;

namespace StreamSettle.Streamiz.Tests.Driver;

/// <summary>
/// The calls of the runtime's own driver (<c>TopologyDriver</c>), which says what they do, answered by Streamiz' own <see cref="TopologyTestDriver"/>: its thread, tasks, queues, punctuations, sinks
/// and commits run the hosted topology over a log in memory. Time is virtual for the graph; Streamiz looks at each task every 10 ms of the real one, so each punctuation on the way of a clock costs
/// that.
/// </summary>
class StreamizDriver : IDisposable
{
    // As in the runtime's own driver.
    const int StepsMax = 1_000_000;

    readonly Streams.Topologies.Topology topology;
    readonly GlobalStores globals;
    readonly ManualResetEventSlim stopping = new();
    readonly Turns turns = new();
    readonly HostedWork work;
    readonly OutputReader reader;
    readonly TopologyTestDriver driver;
    readonly DrivenClients clients;
    readonly Dictionary<string, TestInputTopic<byte[], byte[]>> inputs = [];
    readonly RecordBatch piped = new();
    int aborts;

    public StreamizDriver(Streams.Topologies.Topology topology, VirtualTime time, TopologyDriverOptions? options = null, MemoryLog? log = null)
    {
        options ??= new();
        this.topology = topology;
        Time = time;
        Log = log ?? new();
        Log.EnsureTopics(topology.Topics);
        reader = new(Log);
        var application = new TaskEnvironment(topology, Log, time, options.OnDeserializationException);
        globals = new(application);
        var plan = new ThreadPlan("driver", new(topology.ApplicationId, "driver") { CommitInterval = TimeSpan.Zero }, topology.SubTopologies);
        work = new(application, plan, globals, stopping, () => false);
        var config = HostedConfig.Of(plan.Options, Decide, NullLoggerFactory.Instance);
        clients = new(new(work, topology, () => { }, _ => false), work, turns, Log, config);

        // Else it would go on polling for 10 ms after each record.
        config.MaxPollRecords = 1;
        driver = new(HostedTopology.Build(topology.ApplicationId, plan.SubTopologies, work), config, clients);
        turns.Begin();
    }

    public VirtualTime Time { get; }

    public MemoryLog Log { get; }

    /// <summary>Streamiz' own driver, for what is done to it directly.</summary>
    public TopologyTestDriver Own => driver;

    public void Pipe(string topic, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long timestampMs, byte[]? headers = null, int? partition = null)
    {
        if (partition is null)
        {
            Input(topic).PipeInput(key.ToArray(), value.ToArray(), At(timestampMs), HeaderBytes.Read(headers));
        }
        else
        {
            Append(topic, key, value, timestampMs, headers, partition);
        }

        RunUntilIdle();
    }

    public void PipeTombstone(string topic, ReadOnlySpan<byte> key, long timestampMs, byte[]? headers = null, int? partition = null)
    {
        if (partition is null)
        {
            Input(topic).PipeInput(key.ToArray(), null!, At(timestampMs), HeaderBytes.Read(headers));
        }
        else
        {
            Append(topic, new() { TimestampMs = timestampMs, Key = key, ValueIsNull = true, Headers = headers }, partition);
        }

        RunUntilIdle();
    }

    public void Append(string topic, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long timestampMs, byte[]? headers = null, int? partition = null) =>
        Append(topic, new RawRecord { TimestampMs = timestampMs, Key = key, Value = value, Headers = headers }, partition);

    public void AdvanceTime(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        RunUntilIdle();
        var end = Time.GetTimestamp() + by.Ticks;
        for (var step = 0; Time.GetTimestamp() < end; step++)
        {
            if (step == StepsMax)
            {
                throw new InvalidOperationException($"the topology of '{topology.ApplicationId}' is still busy after {StepsMax} steps of its clock");
            }

            Time.Advance(TimeSpan.FromTicks(Math.Min(UntilNext().Ticks, end - Time.GetTimestamp())));
            RunUntilIdle();
        }
    }

    public void RunUntilIdle() => turns.Ask(() => $"the topology of '{topology.ApplicationId}' comes to rest");

    public IReadOnlyList<OutputRecord> ReadOutput(string topic) => reader.Read(topic);

    public IReadOnlyKeyValueStore Store(string name, int partition = 0) => Log.OpenCommittedView(topology.Store(name), partition);

    public IReadOnlyKeyValueStore GlobalStore(string name) => Log.OpenCommittedView(topology.Store(name), 0);

    public void Crash()
    {
        globals.Dispose();
        clients.Crash();
    }

    public void Dispose()
    {
        stopping.Set();
        turns.End();
        driver.Dispose();
        work.Unsubscribe();
        globals.Dispose();
        stopping.Dispose();
        GC.SuppressFinalize(this);
    }

    ExceptionHandlerResponse Decide(Exception failure)
    {
        if (HostedThread.AbortOf(failure) is not null && ++aborts < StepsMax)
        {
            return ExceptionHandlerResponse.CONTINUE;
        }

        work.GiveUp();
        turns.Fail(failure);
        return ExceptionHandlerResponse.FAIL;
    }

    TestInputTopic<byte[], byte[]> Input(string topic)
    {
        if (!inputs.TryGetValue(topic, out var input))
        {
            inputs.Add(topic, input = driver.CreateInputTopic(topic, new ByteArraySerDes(), new ByteArraySerDes()));
        }

        return input;
    }

    void Append(string topic, scoped in RawRecord record, int? partition)
    {
        piped.Clear();
        piped.Add(record);
        Log.Append(new(topic, partition ?? Streams.Topologies.Murmur2.Partition(record.Key, Log.Topic(topic).Length)), piped);
    }

    static DateTime At(long timestampMs) => DateTimeOffset.FromUnixTimeMilliseconds(timestampMs).UtcDateTime;

    /// <summary>Time to the next punctuation or timer: at least a tick, so that a clock that stands still comes on.</summary>
    TimeSpan UntilNext()
    {
        var punctuation = work.NextWallPunctuationUs;
        var untilPunctuation = punctuation == long.MaxValue ? TimeSpan.MaxValue : new Kernel.Time.MonotonicInstant(punctuation) - Kernel.Time.MonotonicInstant.Now(Time);
        return TimeSpan.FromTicks(Math.Max(1, Math.Min(untilPunctuation.Ticks, (Time.UntilNextTimer ?? TimeSpan.MaxValue).Ticks)));
    }
}
