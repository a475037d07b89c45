using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Errors;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Runtime;
using StreamSettle.Streams.Testing;
using StreamSettle.Streams.Tests.Testing;
using StreamSettle.Streams.Topologies;
using Xunit;

namespace StreamSettle.Streams.Tests.Runtime;

/// <summary>What holds for an application whoever runs its threads.</summary>
public abstract class StreamsAppRules
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    readonly MemoryLog log = new();

    [Fact]
    public async Task Several_threads_share_the_tasks_and_stop_with_everything_committed()
    {
        var states = new List<StreamsState>();
        await using var app = App(CountingTopology.Build(8), new() { Threads = 3 });
        app.StateListener = (current, _) => states.Add(current);
        app.Start();
        Append("words", 8, Enumerable.Range(0, 1000).Select(i => $"{(char)('a' + i % 26)}{i}"));

        Await(() => Written("counts-out", 8) == 1000 && app.State == StreamsState.Running);
        await app.StopAsync();

        Assert.Equal(StreamsState.NotRunning, app.State);
        Assert.Equal([StreamsState.Rebalancing, StreamsState.Running, StreamsState.PendingShutdown, StreamsState.NotRunning], states);
        Assert.Equal("39", log.OpenCommittedView(new("counts"), Murmur2.Partition("a"u8, 8)).Get("a"));
        await app.Completion;
    }

    [Fact]
    public async Task Metrics_tell_records_positions_and_commits()
    {
        await using var app = App(CountingTopology.Build(1), new());
        app.Start();
        Append("words", 1, ["apple", "bee", "bat"]);

        // What a commit wrote can be read a moment before it is counted; the second task reads what a first commit gave it.
        Await(() => Written("counts-out", 1) == 3 && app.Metrics().Threads.Single() is { Commits: >= 2 } now && now.Tasks.All(task => task.Partitions.All(partition => partition.Lag == 0)));

        var thread = app.Metrics().Threads.Single();
        Assert.Equal("app-StreamThread-1", thread.Thread);
        Assert.Equal([3L, 3L], thread.Tasks.Select(task => task.RecordsProcessed));
        Assert.NotNull(thread.LastCommit);
    }

    [Fact]
    public async Task A_group_that_blocks_holds_up_no_other()
    {
        using var released = new ManualResetEventSlim();
        var topology = CountingTopology.Build(1, builder => builder.AddTextSource("slow-source", "counts-out")
            .AddProcessor<string, string>("slow", () => new TextProcessor(_ => { }, (_, _, _) => released.Wait()), "slow-source"));
        await using var app = App(topology, new() { Groups = [new("slow", 1, ["slow"])] });
        app.Start();

        Append("words", 1, ["apple"]);
        Await(() => Written("counts-out", 1) == 1);
        Append("words", 1, ["avocado"]);
        Await(() => Written("counts-out", 1) == 2);

        Assert.Equal(["app-slow-StreamThread-1"], app.MetricsOf("slow").Threads.Select(thread => thread.Thread));
        Assert.Empty(app.MetricsOf("app").Threads);
        Assert.Equal(0, log.CommittedPosition("app-slow", new("counts-out", 0)));
        released.Set();
        Await(() => log.CommittedPosition("app-slow", new("counts-out", 0)) == 2);
    }

    [Fact]
    public async Task An_exception_of_a_processor_stops_the_application_with_the_original_and_nothing_committed()
    {
        var cause = new BrokenInvariantException("planted");
        var topology = new TopologyBuilder().AddTextSource("source", "input")
            .AddProcessor("p", () => new TextProcessor(_ => { }, (_, value, _) => _ = value == "bad" ? throw cause : 0), "source").Build("app", 2);
        await using var app = App(topology, new() { Threads = 2 });
        Exception? handled = null;
        app.UncaughtExceptionHandler = exception => handled = exception;
        app.Start();

        Append("input", 1, ["bad"]);

        Assert.Same(cause, await Assert.ThrowsAsync<BrokenInvariantException>(() => app.Completion.WaitAsync(Patience)));
        Assert.Same(cause, handled);
        Assert.Equal(StreamsState.Error, app.State);
        Assert.Equal(0, log.CommittedPosition("app", new("input", 0)));
        await app.StopAsync();
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_stops_by_default()
    {
        await using var app = App(CountingTopology.Build(1), new());
        app.Start();

        Append("words", 1, ["!unreadable"]);

        await Assert.ThrowsAsync<UnreadableRecordException>(() => app.Completion.WaitAsync(Patience));
    }

    [Fact]
    public async Task Tasks_move_to_the_threads_of_another_instance_and_nothing_is_counted_twice()
    {
        var first = App(CountingTopology.Build(6), new() { Threads = 2 });
        first.Start();
        Append("words", 6, Enumerable.Range(0, 300).Select(i => $"a{i}"));
        Await(() => first.State == StreamsState.Running);
        await using var second = App(CountingTopology.Build(6), new() { Threads = 2 });
        second.Start();
        Append("words", 6, Enumerable.Range(300, 300).Select(i => $"a{i}"));
        Await(() => second.Metrics().Threads.Sum(thread => thread.Tasks.Count) == 4);
        await first.DisposeAsync();
        Append("words", 6, Enumerable.Range(600, 300).Select(i => $"a{i}"));

        Await(() => Written("counts-out", 6) == 900);

        Assert.Equal("900", log.OpenCommittedView(new("counts"), Murmur2.Partition("a"u8, 6)).Get("a"));
    }

    [Fact]
    public async Task Commits_that_do_not_happen_are_tried_again_with_growing_pauses_and_said_once_a_thread()
    {
        var (aborted, isFull) = (0, true);
        log.BeforeCommit = commit =>
        {
            if (Volatile.Read(ref isFull) && commit.Positions.Count > 0)
            {
                Interlocked.Increment(ref aborted);
                throw new TransactionAbortedException("planted");
            }
        };
        var logger = new CollectingLogger<StreamsApp>();
        var topology = CountingTopology.Build(1);
        log.EnsureTopics(topology.Topics);
        Append("words", 1, ["apple", "avocado"]);
        await using var app = Open(topology, log, new(), logger);
        var began = TimeProvider.System.GetTimestamp();
        app.Start();

        Await(() => Volatile.Read(ref aborted) == 4);
        // 100, 200 and 400 ms; a timer counts by a coarser clock and may end each some milliseconds early. Pauses that do not grow would be over after 300.
        Assert.True(TimeProvider.System.GetElapsedTime(began) >= TimeSpan.FromMilliseconds(600), "the pauses did not grow");
        Volatile.Write(ref isFull, false);

        Await(() => Written("counts-out", 1) == 2);
        Assert.Equal([LogLevel.Warning], logger.Said.Where(line => line.Id == 1002).Select(line => line.Level));
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_pause_and_ends_well_when_the_last_commit_does_not_happen()
    {
        var aborted = 0;
        log.BeforeCommit = commit =>
        {
            if (commit.Positions.Count > 0)
            {
                Interlocked.Increment(ref aborted);
                throw new TransactionAbortedException("planted");
            }
        };
        await using var app = App(CountingTopology.Build(1), new());
        Append("words", 1, ["apple"]);
        app.Start();
        Await(() => Volatile.Read(ref aborted) >= 3);

        await app.StopAsync().WaitAsync(Patience);

        Assert.Equal(StreamsState.NotRunning, app.State);
        Assert.Equal(0, log.CommittedPosition("app", new("words", 0)));
    }

    [Fact]
    public void A_group_of_unknown_nodes_is_refused() =>
        Assert.Equal(
            "the thread group 'audit' names the node 'nobody', which is in no sub-topology",
            Assert.Throws<UserMistakeException>(() => App(CountingTopology.Build(), new() { Groups = [new("audit", 1, ["nobody"])] })).Message);

    [Fact]
    public void Options_that_break_a_rule_are_refused() =>
        Assert.Equal(
            "Streams:Threads must be 1 to 256, but is 0.",
            Assert.Throws<UserMistakeException>(() => App(CountingTopology.Build(), new() { Threads = 0 })).Message);

    /// <summary>An application that is not started.</summary>
    protected abstract StreamsApp Open(Topology topology, IStreamLog log, StreamsOptions options, ILogger<StreamsApp> logger);

    StreamsApp App(Topology topology, StreamsOptions options)
    {
        log.EnsureTopics(topology.Topics);
        return Open(topology, log, options, NullLogger<StreamsApp>.Instance);
    }

    void Append(string topic, int partitions, IEnumerable<string> values)
    {
        foreach (var (value, index) in values.Select((value, index) => (value, index)))
        {
            var batch = new RecordBatch();
            batch.Add(index, keyIsNull: false, TextDriver.Bytes($"{index}"), valueIsNull: false, TextDriver.Bytes(value), []);
            log.Append(new(topic, index % partitions), batch);
        }
    }

    long Written(string topic, int partitions) => Enumerable.Range(0, partitions).Sum(partition => log.EndOffset(new(topic, partition)));

    static void Await(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, Patience), "the condition did not come true in time");
}
