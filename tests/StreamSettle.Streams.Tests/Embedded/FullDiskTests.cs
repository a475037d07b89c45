using Microsoft.Extensions.Logging;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Embedded;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Runtime;
using StreamSettle.Streams.Tests.Testing;
using Xunit;

namespace StreamSettle.Streams.Tests.Embedded;

public sealed class FullDiskTests
{
    const int LeftBytes = 30_000_000;
    const int CommitsMax = 1_000;
    const int CommitsFail = 2103;
    const int CommitsHappenAgain = 2104;
    const int ThreadAborted = 1002;
    static readonly TopicPartition Out = new("out", 0);

    [Fact]
    public void A_full_disk_aborts_commits_whole_and_they_go_on_when_there_is_room()
    {
        using var disk = SmallDisk.OrSkip();
        var state = Path.Combine(disk.Path, "state");
        disk.Fill(LeftBytes);
        var log = LogHarness.Open(state);
        log.EnsureTopics([new TopicSpec("out", 1, TopicRetention.Keep)]);
        var committed = 0;
        using (var client = log.OpenClient("app", "1"))
        {
            while (committed < CommitsMax && TryCommit(client, committed))
            {
                committed++;
            }

            Assert.InRange(committed, 1, CommitsMax - 1);
            Assert.Equal(committed, log.EndOffset(Out));
            Assert.False(TryCommit(client, committed));

            disk.Free();
            Assert.True(SpinWait.SpinUntil(() => TryCommit(client, committed), LogHarness.Long), "no commit after there was room");
            committed++;
        }

        Check(log, committed);
        log.Close();
        log = LogHarness.Open(state);
        Check(log, committed);
        log.Close();
        Directory.Delete(state, recursive: true);
    }

    [Fact]
    public async Task An_application_on_a_full_disk_says_so_once_tries_seldom_and_goes_on_with_everything_when_there_is_room()
    {
        using var disk = SmallDisk.OrSkip();
        var (said, threads) = (new CollectingLogger<EmbeddedLog>(), new CollectingLogger<StreamsApp>());
        var log = EmbeddedLog.Open(new() { Directory = Path.Combine(disk.Path, "state"), Partitions = 1 }, () => LogHarness.FirstIdentity, said);
        var topology = CountingTopology.Build(1);
        log.EnsureTopics(topology.Topics);
        using var producer = log.OpenClient("producer", "1");
        Produce(producer, 0, 200);
        var app = new StreamsApp(topology, log, new(), TimeProvider.System, threads);
        app.Start();
        Until(() => Counted(log) == 200);

        // What waits to be processed is on the disk already; its processing needs room of its own.
        disk.Fill(2_000_000);
        var sent = 200;
        while (TryProduce(producer, sent))
        {
            sent += 200;
        }

        Until(() => log.WriteFailure is not null);
        Assert.False(app.Completion.IsCompleted);
        disk.Free();
        Until(() => Counted(log) == sent && log.WriteFailure is null);

        await app.StopAsync();
        Assert.Equal(StreamsState.NotRunning, app.State);
        Assert.Equal(said.Count(CommitsFail), said.Count(CommitsHappenAgain));
        Assert.InRange(said.Count(CommitsFail), 1, 5);
        Assert.All(said.Said.Where(line => line.Id == CommitsFail), line => Assert.Equal(LogLevel.Error, line.Level));
        Assert.Equal(0, threads.Count(ThreadAborted));
        log.Close();
    }

    static void Produce(ILogClient client, int from, int count)
    {
        var batch = new RecordBatch();
        for (var i = from; i < from + count; i++)
        {
            batch.Add(i, keyIsNull: false, TextDriver.Bytes($"{i}"), valueIsNull: false, TextDriver.Bytes("a" + new string('x', 1_000)), []);
        }

        var commit = new LogCommit();
        commit.Outputs.Add((new("words", 0), batch));
        client.Commit(commit);
    }

    static bool TryProduce(ILogClient client, int from)
    {
        try
        {
            Produce(client, from, 200);
            return true;
        }
        catch (TransactionAbortedException)
        {
            return false;
        }
    }

    static long Counted(EmbeddedLog log) => log.EndOffset(new("counts-out", 0));

    static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(60)), "the condition did not come true in time");

    static bool TryCommit(ILogClient client, int n)
    {
        var commit = new LogCommit();
        commit.Outputs.Add((Out, LogHarness.Batch($"{n}" + new string('x', 200_000))));
        commit.Put("store", 0, "n", $"{n}");
        try
        {
            client.Commit(commit);
            return true;
        }
        catch (TransactionAbortedException aborted)
        {
            Assert.IsType<EnvironmentFailedException>(aborted.InnerException);
            return false;
        }
    }

    static void Check(EmbeddedLog log, int committed)
    {
        Assert.Equal(Enumerable.Range(0, committed).Select(n => $"{n}"), log.ReadAll(Out).Select(value => value.TrimEnd('x')));
        Assert.Equal($"{committed - 1}", log.Get("store", 0, "n"));
    }
}
