using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Embedded;
using StreamSettle.Streams.Log;
using Xunit;

namespace StreamSettle.Streams.Tests.Embedded;

/// <summary>Needs a small file system of its own, such as <c>mount -t tmpfs -o size=96m tmpfs DIR</c>, named by <c>STREAMSETTLE_SMALL_DISK</c>.</summary>
public sealed class FullDiskTests
{
    const int FillerBytes = 60_000_000;
    const int CommitsMax = 1_000;
    static readonly TopicPartition Out = new("out", 0);

    [Fact]
    public void A_full_disk_aborts_commits_whole_and_they_go_on_when_there_is_room()
    {
        var disk = Environment.GetEnvironmentVariable("STREAMSETTLE_SMALL_DISK");
        Assert.SkipWhen(disk is null, "STREAMSETTLE_SMALL_DISK names no small file system");
        var state = Path.Combine(disk!, "state");
        var filler = Path.Combine(disk!, "filler");
        File.WriteAllBytes(filler, new byte[FillerBytes]);
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

            File.Delete(filler);
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
