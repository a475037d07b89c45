using System.Buffers.Binary;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Kafka;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Runtime;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Benchmarks.Delay;

/// <summary>An instance on Kafka that has lost its directory, with many orders pending: from the start until every task has its stores back and runs.</summary>
sealed class RestoreRun(string bootstrap, StateRoot state, int pending)
{
    const int Partitions = 4;
    const int ValueBytes = 300;
    const int OrdersPerCommit = 20_000;

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    readonly string application = $"restore-{Stopwatch.GetTimestamp():x}";

    /// <returns>Seconds from the start to the last task that runs, and records that were brought in.</returns>
    /// <exception cref="BrokenInvariantException">A task ran without an order of its own.</exception>
    public (double Seconds, long Restored) Execute()
    {
        Use((log, _) => Fill(log));
        double seconds = 0;
        long restored = 0;
        Use((log, topology) =>
        {
            var started = Stopwatch.GetTimestamp();
            var app = new StreamsApp(topology, log, new StreamsOptions { Threads = 2 }, TimeProvider.System, NullLogger<StreamsApp>.Instance);
            app.Start();
            IReadOnlyList<TaskMetrics> tasks = [];
            if (!SpinWait.SpinUntil(() => (tasks = [.. app.Metrics().Threads.SelectMany(thread => thread.Tasks)]).Count(task => task.State == TaskState.Running) == 2 * Partitions, Patience))
            {
                throw new BrokenInvariantException($"not all tasks ran within {Patience}");
            }

            seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            restored = tasks.SelectMany(task => task.Stores).Sum(store => store.Restore.Restored);
            app.StopAsync().GetAwaiter().GetResult();
            Check(log);
        });
        return (seconds, restored);
    }

    void Use(Action<KafkaLog, Streams.Topologies.Topology> use)
    {
        var topology = DelayTopology.Build(Partitions, new(application, application + "-changes", application + "-settlements"));
        var log = KafkaLog.Open(
            new KafkaLogOptions { BootstrapServers = bootstrap, ApplicationId = application, InstanceId = "benchmark", Directory = state.Next() }, TimeProvider.System, NullLogger.Instance);
        try
        {
            log.EnsureTopics([.. topology.Topics, .. topology.Changelogs]);
            use(log, topology);
        }
        finally
        {
            log.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    void Fill(KafkaLog log)
    {
        using var client = log.OpenClient("filler", "1");
        var value = new byte[ValueBytes];
        var random = new Random(7);
        for (var first = 0; first < pending; first += OrdersPerCommit)
        {
            var task = new TaskId(0, first / OrdersPerCommit % Partitions);
            var store = new OverlayStore(DelayTopology.OpenOrders, client.OpenStore(DelayTopology.OpenOrders, task));
            var key = new byte[PendingOrder.KeySize];
            for (var id = first; id < Math.Min(pending, first + OrdersPerCommit); id++)
            {
                BinaryPrimitives.WriteInt64BigEndian(key, id);
                random.NextBytes(value.AsSpan(0, ValueBytes / 2));
                store.Put(key, value);
            }

            var commit = new LogCommit();
            commit.Stores.Add((DelayTopology.OpenOrders, task, store.Changes));
            client.Commit(commit);
            store.Dispose();
        }
    }

    void Check(KafkaLog log)
    {
        var found = 0;
        for (var partition = 0; partition < Partitions; partition++)
        {
            using var scan = log.OpenCommittedView(DelayTopology.OpenOrders, partition).Scan(default, default);
            while (scan.MoveNext())
            {
                found++;
            }
        }

        if (found != pending)
        {
            throw new BrokenInvariantException($"{found} of {pending} orders are there after the restore");
        }
    }
}
