using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSettle.Delivery.Channels;
using StreamSettle.Delivery.Options;
using StreamSettle.Delivery.Processing;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Downstreams;
using StreamSettle.Sandbox.Downstreams.Effects;
using StreamSettle.Sandbox.Downstreams.Faults;
using StreamSettle.Streams.Embedded;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Runtime;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Benchmarks.Calls;

/// <summary>The split leg on the embedded log, the sandbox on the other side.</summary>
/// <param name="workers">Requests that the system works at at once; null: any number.</param>
sealed class CallsRun(int merchants, int batch, int concurrency, FaultPlan faults, TimeSpan latency, int? workers) : IAsyncDisposable
{
    const int Partitions = 16;
    const string Commands = "split-commands";
    const string Results = "delivery-results";

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    readonly string directory = Directory.CreateTempSubdirectory("streamsettle-calls-").FullName;
    SandboxDownstreams sandbox = null!;
    EmbeddedLog log = null!;
    ILogClient producer = null!;
    DownstreamChannel channel = null!;
    StreamsApp app = null!;
    readonly RequestTimes times = new();
    long commitsBefore;

    public long Commits => app.Metrics().Threads.Sum(thread => thread.Commits) - commitsBefore;

    public long Arrivals => sandbox.Effects.Count;

    /// <summary>To the system so far, a batch as one.</summary>
    public long Requests => sandbox.Stats().Single(system => system.System == nameof(Leg.Split)).Requests;

    /// <summary>Of requests since the last <see cref="SendAsync"/> began.</summary>
    public RequestTimes Times => times;

    /// <summary>How long what nobody waits for gathers before a commit, as <see cref="StreamsOptions.CommitLinger"/>. Default 0.</summary>
    public TimeSpan CommitLinger { get; init; }

    /// <summary>Stream threads.</summary>
    public required int Threads { get; init; }

    /// <summary>Of calls from <paramref name="first"/> on.</summary>
    public NextCalls NextCalls(int first) => Calls.NextCalls.Of(sandbox.Effects.Snapshot(), merchants, first, latency);

    public async Task StartAsync()
    {
        var split = faults.Systems.GetValueOrDefault(nameof(Leg.Split), new()) with { Latency = latency, Workers = workers };
        sandbox = await SandboxDownstreams.StartAsync(new() { Faults = faults.With(Leg.Split, split) }, TimeProvider.System);
        var options = new DownstreamOptions
        {
            BaseUrl = sandbox.BaseUrls[Leg.Split].ToString(),
            BatchSize = batch,
            Concurrency = concurrency,
            RetryBase = TimeSpan.FromMilliseconds(100),
            RetryMax = TimeSpan.FromSeconds(2),
            Timeout = TimeSpan.FromSeconds(2),
            MaxAttempts = 1_000,
        };
        channel = DownstreamChannel.OverHttp(Leg.Split, options, TimeProvider.System);
        var topology = new TopologyBuilder().AddDelivery(Leg.Split, () => channel, new(Commands, Results, "dead-letters", "downstream-budgets"), seed: 1).Build("calls", Partitions);
        log = EmbeddedLog.Open(new() { Directory = directory, Partitions = Partitions }, () => new("6b7f6d0c-3b0a-4f0e-9d5a-0a8e2b1c7d11"), NullLogger.Instance);
        log.EnsureTopics(topology.Topics);
        producer = log.OpenClient("producer", "producer");
        app = new(topology, log, new() { Threads = Threads, CommitInterval = TimeSpan.FromMilliseconds(5), CommitLinger = CommitLinger }, TimeProvider.System, NullLogger<StreamsApp>.Instance);
        app.Start();
    }

    /// <summary>Puts commands into the topic and waits until their results are committed.</summary>
    public async Task SendAsync(int first, int count)
    {
        var target = ResultsCommitted() + count;
        commitsBefore = app.Metrics().Threads.Sum(thread => thread.Commits);
        times.Clear();
        Append(first, count);
        using var patience = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(Look);
        while (!IsDone() && await timer.WaitForNextTickAsync())
        {
            if (patience.IsCancellationRequested)
            {
                throw new InvalidOperationException($"{target - ResultsCommitted()} results are missing after {Patience}; {channel.Status()}");
            }

            if (app.Completion.IsCompleted)
            {
                await app.Completion;
            }
        }

        // With faults there are more results than calls: failed attempts are told too.
        bool IsDone() => ResultsCommitted() >= target && channel.Status().Calls.IsQuiet;
    }

    /// <summary>Every order that is no dead letter has one effect; returns how many came out of their merchant's order.</summary>
    public int Check(int calls)
    {
        var accepted = sandbox.Effects.Snapshot().Where(entry => entry.Outcome == EffectOutcome.Accepted).Select(entry => long.Parse(entry.Key.Split(':')[0], CultureInfo.InvariantCulture)).ToList();
        var rejected = channel.Status().Calls.DeadLetters;
        if (accepted.Count != calls - rejected || accepted.Distinct().Count() != accepted.Count)
        {
            throw new InvalidOperationException($"of {calls} calls {rejected} are dead letters and the others were to be accepted once each, but {accepted.Count} effects of {accepted.Distinct().Count()} orders happened");
        }

        var last = new Dictionary<long, long>();
        var violations = 0;
        foreach (var order in accepted)
        {
            var merchant = order % merchants;
            violations += last.GetValueOrDefault(merchant) > order ? 1 : 0;
            last[merchant] = Math.Max(order, last.GetValueOrDefault(merchant));
        }

        return violations;
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await channel.StopAsync();
            await app.StopAsync();
            producer.Dispose();
            await log.DisposeAsync();
            await channel.DisposeAsync();
            await sandbox.DisposeAsync();
            times.Dispose();
        }

        Directory.Delete(directory, recursive: true);
    }

    long ResultsCommitted() => Enumerable.Range(0, Partitions).Sum(partition => log.EndOffset(new(Results, partition)));

    void Append(int first, int count)
    {
        const int PerCommit = 10_000;
        var batches = Enumerable.Range(0, Partitions).Select(_ => new RecordBatch()).ToArray();
        ByteBuffer key = new(), value = new();
        for (var order = first; order < first + count; order++)
        {
            key.Clear();
            value.Clear();
            new ByteWriter(key).Int64(order % merchants);
            Command(order).Write(new ByteWriter(value));
            batches[Murmur2.Partition(key.Written, Partitions)].Add(0, false, key.Written, false, value.Written, default);
            if ((order - first + 1) % PerCommit == 0 || order == first + count - 1)
            {
                var commit = new LogCommit();
                commit.Outputs.AddRange(batches.Select((framed, partition) => (new TopicPartition(Commands, partition), framed)).Where(output => output.framed.Count > 0));
                producer.Commit(commit);
                Array.ForEach(batches, framed => framed.Clear());
            }
        }
    }

    DeliveryCommand Command(int order) => new()
    {
        Kind = DeliveryCommandKind.Send,
        Key = new(new(order), Leg.Split, 0),
        Merchant = new(order % merchants),
        Lane = Lane.Ordinary,
        DueAt = new UtcInstant(order),
        Body = Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"orderId":{{order}},"merchantId":{{order % merchants}},"currency":"EUR","amount":9900,"kind":"SETTLEMENT","ruleVersion":"2026-01","completedAt":"2026-11-01T00:00:00Z","dueAt":"2026-11-02T00:00:00Z","lines":[{"party":"carrier:dhl","amount":900},{"party":"platform","amount":1000},{"party":"merchant:{{order % merchants}}","amount":8000}]}""")),
    };
}
