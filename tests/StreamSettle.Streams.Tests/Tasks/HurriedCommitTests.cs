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

/// <summary>A round of a thousand records, of one millisecond each; with the hundredth a message comes that somebody waits for.</summary>
public class HurriedCommitTests
{
    const int Records = 1_000;
    const int Hundredth = 100;

    static readonly TopicPartition Input = new("input", 0);

    readonly VirtualTime time = new(TextDriver.Start.ToDateTimeOffset());
    readonly MemoryLog log = new();

    [Fact]
    public void Who_waits_does_not_wait_for_the_end_of_a_long_round()
    {
        var (takenAfter, committedWith) = RunOneRound(TimeSpan.FromMilliseconds(5), isHurried: true);

        Assert.InRange(takenAfter, Hundredth, Hundredth + 64);
        Assert.Equal(takenAfter, committedWith);
    }

    [Fact]
    public void What_nobody_waits_for_is_taken_and_committed_with_the_round()
    {
        var (takenAfter, committedWith) = RunOneRound(TimeSpan.FromMilliseconds(5), isHurried: false);

        Assert.InRange(takenAfter, Hundredth, Hundredth + 64);
        Assert.Equal(Records, committedWith);
    }

    [Fact]
    public void By_default_a_round_is_processed_first()
    {
        var (takenAfter, committedWith) = RunOneRound(null, isHurried: true);

        Assert.Equal((Records, Records), (takenAfter, committedWith));
    }

    [Fact]
    public void Two_such_commits_are_so_far_apart()
    {
        var (takenAfter, committedWith) = RunOneRound(TimeSpan.FromMilliseconds(500), isHurried: true);

        Assert.InRange(takenAfter, 500, 500 + 64);
        Assert.Equal(takenAfter, committedWith);
    }

    /// <returns>Records before the message was taken, and before the first commit.</returns>
    (long TakenAfter, long CommittedWith) RunOneRound(TimeSpan? hurried, bool isHurried)
    {
        var (processed, takenAfter, committedWith) = (0, 0L, 0L);
        ProcessorContext? context = null;
        Mailbox<string>? mailbox = null;
        var topology = new TopologyBuilder()
            .AddTextSource("source", "input")
            .AddProcessor<string, string>("p", () => new TextProcessor(
                init =>
                {
                    context = init;
                    mailbox = init.Mailbox<string>(_ =>
                    {
                        takenAfter = processed;
                        if (isHurried)
                        {
                            context.HurryCommit();
                        }
                    });
                },
                (_, _, _) =>
                {
                    committedWith = committedWith == 0 ? log.CommittedPosition("app", Input) : committedWith;
                    time.Advance(TimeSpan.FromMilliseconds(1));
                    if (++processed == Hundredth)
                    {
                        mailbox!.Post("answer");
                    }
                }), "source")
            .Build("app", 1);
        log.EnsureTopics(topology.Topics);
        var application = new TaskEnvironment(topology, log, time, static (_, scoped in _, _) => new DeserializationHandlerResponse.Fail());
        using var globals = new GlobalStores(application);
        using var worker = new StreamWorker(
            application, new("app", "test") { CommitInterval = TimeSpan.FromHours(1), HurriedCommitInterval = hurried }, globals, topology.SubTopologies);
        worker.RunOnce(TimeSpan.Zero);
        Come();
        worker.RunOnce(TimeSpan.Zero);
        worker.Commit();
        return (takenAfter, committedWith == 0 ? log.CommittedPosition("app", Input) : committedWith);
    }

    void Come()
    {
        var batch = new RecordBatch();
        for (var i = 0; i < Records; i++)
        {
            batch.Add(0, keyIsNull: false, "k"u8, valueIsNull: false, Encoding.UTF8.GetBytes("v"), []);
        }

        log.Append(Input, batch);
    }
}
