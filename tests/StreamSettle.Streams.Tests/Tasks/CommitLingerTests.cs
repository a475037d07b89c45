using System.Diagnostics;
using System.Text;
using StreamSettle.Streams.Errors;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Runtime;
using StreamSettle.Streams.Tasks;
using StreamSettle.Streams.Testing;
using StreamSettle.Streams.Tests.Testing;
using StreamSettle.Streams.Topologies;
using Xunit;

namespace StreamSettle.Streams.Tests.Tasks;

public sealed class CommitLingerTests : IDisposable
{
    static readonly TopicPartition Input = new("input", 0);

    readonly VirtualTime time = new(TextDriver.Start.ToDateTimeOffset());
    readonly MemoryLog log = new();
    readonly GlobalStores globals;
    readonly StreamWorker worker;

    public CommitLingerTests()
    {
        ProcessorContext? context = null;
        var topology = new TopologyBuilder()
            .AddTextSource("source", "input")
            .AddProcessor<string, string>("p", () => new TextProcessor(
                init => context = init,
                (_, text, _) =>
                {
                    if (text == "urgent")
                    {
                        context!.HurryCommit();
                    }
                }), "source")
            .Build("app", 1);
        log.EnsureTopics(topology.Topics);
        var application = new TaskEnvironment(topology, log, time, static (_, scoped in _, _) => new DeserializationHandlerResponse.Fail());
        globals = new(application);
        worker = new(application, new("app", "test") { CommitLinger = TimeSpan.FromMilliseconds(100), CommitInterval = TimeSpan.FromSeconds(1) }, globals, topology.SubTopologies);
        Rounds();
    }

    long Committed => log.CommittedPosition("app", Input);

    [Fact]
    public void What_comes_singly_is_committed_together()
    {
        time.Advance(TimeSpan.FromMilliseconds(100));
        Come(1);
        Assert.Equal(1, Committed);

        Come(5);
        time.Advance(TimeSpan.FromMilliseconds(99));
        Come(1);
        Assert.Equal(1, Committed);

        time.Advance(TimeSpan.FromMilliseconds(1));
        Rounds();
        Assert.Equal(7, Committed);
    }

    [Fact]
    public void What_somebody_waits_for_is_committed_at_once_with_all_that_gathers()
    {
        Come(3);
        Assert.Equal(0, Committed);

        Come(1, "urgent");
        Assert.Equal(4, Committed);

        Come(1);
        Assert.Equal(4, Committed);
    }

    [Fact]
    public void Who_ends_commits_what_still_gathers()
    {
        Come(3);
        Assert.Equal(0, Committed);

        worker.Commit();

        Assert.Equal(3, Committed);
    }

    [Fact]
    public void The_last_part_of_a_millisecond_is_waited_for_and_not_spent_in_rounds()
    {
        worker.Commit();
        time.Advance(TimeSpan.FromMicroseconds(99_900));
        Come(1);
        var began = Stopwatch.GetTimestamp();

        worker.RunOnce(TimeSpan.FromMilliseconds(50));

        Assert.True(Stopwatch.GetElapsedTime(began) >= TimeSpan.FromMicroseconds(500));
    }

    public void Dispose()
    {
        worker.Dispose();
        globals.Dispose();
    }

    void Come(int records, string value = "v")
    {
        for (var i = 0; i < records; i++)
        {
            var batch = new RecordBatch();
            batch.Add(0, keyIsNull: false, "k"u8, valueIsNull: false, Encoding.UTF8.GetBytes(value), []);
            log.Append(Input, batch);
            Rounds();
        }
    }

    void Rounds()
    {
        for (var round = 0; round < 3; round++)
        {
            worker.RunOnce(TimeSpan.Zero);
        }
    }
}
