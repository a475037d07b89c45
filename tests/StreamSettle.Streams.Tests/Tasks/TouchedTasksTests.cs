using System.Text;
using StreamSettle.Streams.Errors;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Runtime;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;
using StreamSettle.Streams.Testing;
using StreamSettle.Streams.Tests.Testing;
using StreamSettle.Streams.Topologies;
using Xunit;

namespace StreamSettle.Streams.Tests.Tasks;

/// <summary>A commit is about the tasks that did something, and about no others.</summary>
public sealed class TouchedTasksTests : IDisposable
{
    readonly VirtualTime time = new(TextDriver.Start.ToDateTimeOffset());
    readonly MemoryLog log = new();
    readonly GlobalStores globals;
    readonly StreamWorker worker;
    readonly int[] before = new int[2];
    readonly int[] after = new int[2];
    readonly Mailbox<string>[] mailboxes = new Mailbox<string>[2];
    readonly ProcessorContext[] contexts = new ProcessorContext[2];

    public TouchedTasksTests()
    {
        var topology = new TopologyBuilder()
            .AddTextSource("source", "input")
            .AddProcessor<string, string>("p", MakeProcessor, "source")
            .AddStateStore(new StoreSpec("kept"), "p")
            .Build("app", 2);
        log.EnsureTopics(topology.Topics);
        var application = new TaskEnvironment(topology, log, time, static (_, scoped in _, _) => new DeserializationHandlerResponse.Fail());
        globals = new(application);
        worker = new(application, new("app", "test"), globals, topology.SubTopologies);
        Rounds();

        // A task's first commit is its own whatever it did: it began.
        Come(0);
        Array.Clear(before);
        Array.Clear(after);
    }

    [Fact]
    public void A_task_that_did_nothing_is_not_told_of_the_commit()
    {
        Come(1);

        Assert.Equal([0, 1], before);
        Assert.Equal([0, 1], after);
        Assert.Equal(1, log.CommittedPosition("app", new("input", 1)));
    }

    [Fact]
    public void A_message_makes_a_commit_the_tasks_own()
    {
        mailboxes[0].Post("kept");
        Rounds();

        Assert.Equal([1, 0], before);
        Assert.Equal([1, 0], after);
    }

    [Fact]
    public void A_punctuation_makes_a_commit_the_tasks_own()
    {
        contexts[0].Schedule(TimeSpan.FromMilliseconds(100), PunctuationType.WallClockTime, _ => contexts[0].Store("kept").Put("k"u8, "v"u8));
        time.Advance(TimeSpan.FromMilliseconds(100));
        Rounds();

        Assert.Equal([1, 0], before);
        Assert.Equal([1, 0], after);
    }

    [Fact]
    public void What_a_punctuation_left_to_be_written_goes_with_the_next_commit_though_the_task_did_nothing_more()
    {
        contexts[0].Schedule(TimeSpan.FromMilliseconds(100), PunctuationType.WallClockTime, _ => { });
        time.Advance(TimeSpan.FromMilliseconds(100));
        Rounds();
        Assert.Equal([0, 0], before);

        Come(1);

        Assert.Equal([1, 1], before);
        Assert.Equal([1, 1], after);
    }

    [Fact]
    public void A_lazy_punctuation_comes_when_it_is_due_and_something_wakes_the_thread()
    {
        var fired = 0;
        var punctuation = contexts[0].Schedule(TimeSpan.FromMilliseconds(100), PunctuationType.WallClockTime, _ => fired++);

        punctuation.IsLazy = true;
        time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Equal(0, fired);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Rounds();
        Assert.Equal(1, fired);
    }

    [Fact]
    public void After_a_restart_every_task_is_told_of_its_first_commit_anew()
    {
        Come(1);
        worker.Restart();
        Rounds();
        Array.Clear(before);

        Come(0);

        Assert.Equal([1, 1], before);
    }

    public void Dispose()
    {
        worker.Dispose();
        globals.Dispose();
    }

    TextProcessor MakeProcessor()
    {
        var partition = -1;
        return new(
            context =>
            {
                partition = context.Task.Partition;
                contexts[partition] = context;
                mailboxes[partition] = context.Mailbox<string>(text => context.Store("kept").Put("k"u8, Encoding.UTF8.GetBytes(text)));
            },
            (_, _, _) => { })
        {
            BeforeCommitted = () => before[partition]++,
            AfterCommitted = () => after[partition]++,
        };
    }

    void Come(int partition)
    {
        var batch = new RecordBatch();
        batch.Add(0, keyIsNull: false, "k"u8, valueIsNull: false, "v"u8, []);
        log.Append(new("input", partition), batch);
        Rounds();
    }

    void Rounds()
    {
        for (var round = 0; round < 4; round++)
        {
            worker.RunOnce(TimeSpan.Zero);
        }
    }
}
