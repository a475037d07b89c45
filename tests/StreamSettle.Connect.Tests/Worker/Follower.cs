using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSettle.Connectors.Connect;
using StreamSettle.Connectors.Debezium.Following;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Connectors.Embedded.Snapshots;
using StreamSettle.Schemas.Sources;
using StreamSettle.Streams.Kafka;
using StreamSettle.Streams.Log;
using Xunit;

namespace StreamSettle.Connect.Tests.Worker;

/// <summary>One instance's following of a shop, on the real log, until it is disposed.</summary>
sealed class Follower : IAsyncDisposable
{
    readonly CancellationTokenSource stop = new();
    readonly KafkaLog log;
    readonly Task running;
    readonly string run = Guid.NewGuid().ToString("N");
    readonly ConcurrentQueue<CdcStatus> statuses = new();

    Follower(Shop shop, KafkaLog log, DebeziumOptions options, Func<SnapshotReader, CancellationToken, Task>? gate, ConnectClient? client)
    {
        this.log = log;
        Source = new(options, log, run, client ?? shop.Client, TimeProvider.System, NullLogger.Instance) { Gate = gate };
        Source.StatusChanged += statuses.Enqueue;
        running = Source.RunAsync(stop.Token);
    }

    public DebeziumSource Source { get; }

    public IReadOnlyList<CdcStatus> Statuses => [.. statuses];

    public IStreamLog Log => log;

    /// <summary>Fails as it did, where it did.</summary>
    public Task Running => running;

    /// <param name="client">Of another worker than the shop's.</param>
    public static Follower Start(
        Shop shop, ConnectWorker worker, string directory, Func<DebeziumOptions, DebeziumOptions>? change = null, Func<SnapshotReader, CancellationToken, Task>? gate = null, ConnectClient? client = null)
    {
        var log = KafkaLog.Open(
            new() { BootstrapServers = worker.Broker.Bootstrap, ApplicationId = shop.Options.Source.TopicPrefix + "-app", InstanceId = "one", Directory = Path.Combine(worker.Broker.Folder, directory) },
            TimeProvider.System, NullLogger.Instance);
        log.EnsureTopics(
        [
            new(shop.OrdersTopic, Shop.Partitions, TopicRetention.Keep) { Use = TopicUse.Source },
            .. shop.CompactedTopics.Select(topic => new TopicSpec(topic, Shop.Partitions, TopicRetention.Keep) { Use = TopicUse.GlobalStore }),
            new(SourceProgress.Topic, 1, TopicRetention.Keep) { Use = TopicUse.GlobalStore },
        ]);
        return new(shop, log, change is null ? shop.Options : change(shop.Options), gate, client);
    }

    /// <summary>What this run has told so far.</summary>
    public IReadOnlyList<SourceProgress> Points(ConnectWorker worker) =>
        [.. Records.Of(worker.Broker.Bootstrap, SourceProgress.Topic).Where(record => record.Value is not null).Select(record => SourceProgress.Read(record.Value)).Where(point => point.Run == run)];

    public Task UntilAsync(Func<CdcStatus, bool> isSo) => Eventually.HoldsAsync(
        () =>
        {
            Assert.False(running.IsFaulted, running.Exception?.ToString());
            return isSo(Source.Status);
        },
        () => $"the source is {Source.Status}");

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await log.DisposeAsync();
        stop.Dispose();
    }
}
