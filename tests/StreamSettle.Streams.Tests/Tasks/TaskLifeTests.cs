using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Errors;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Runtime;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;
using StreamSettle.Streams.Testing;
using StreamSettle.Streams.Tests.Testing;
using StreamSettle.Streams.Topologies;
using Xunit;

namespace StreamSettle.Streams.Tests.Tasks;

public class TaskLifeTests
{
    [Fact]
    public void The_life_of_a_task_is_this_table() => Assert.Equal(
        """
        Created -> Restoring, Closed
        Restoring -> Running, Suspended
        Running -> Suspended
        Suspended -> Closed
        Closed -> (end)

        """,
        TaskStates.Print());

    [Fact]
    public void Nothing_outside_of_the_table_happens()
    {
        foreach (var (from, allowed) in TaskStates.Next)
        {
            foreach (var to in Enum.GetValues<TaskState>())
            {
                var states = Reach(from);
                if (allowed.Contains(to))
                {
                    states.Go(to);
                    Assert.Equal(to, states.Current);
                }
                else
                {
                    Assert.Throws<BrokenInvariantException>(() => states.Go(to));
                    Assert.Equal(from, states.Current);
                }
            }
        }
    }

    [Fact]
    public void Nothing_is_opened_inside_of_a_poll_and_nothing_happens_before_the_stores_are_whole()
    {
        var (log, happened) = (new RestoringLog(pieces: 3), new List<string>());
        log.Inner.EnsureTopics(Topology(happened, log).Topics);
        var time = new VirtualTime(TextDriver.Start.ToDateTimeOffset());
        var application = new TaskEnvironment(Topology(happened, log), log, time, static (_, scoped in _, _) => new DeserializationHandlerResponse.Fail());
        using var globals = new GlobalStores(application);
        using var worker = new StreamWorker(application, new("app", "test"), globals, application.Topology.SubTopologies);
        var batch = new Log.RecordBatch();
        batch.Add(0, keyIsNull: false, "k"u8, valueIsNull: false, "v"u8, []);
        log.Inner.Append(new("input", 0), batch);

        var states = new List<TaskState>();
        for (var round = 0; round < 6; round++)
        {
            time.Advance(TimeSpan.FromSeconds(2));
            worker.RunOnce(TimeSpan.Zero);
            states.Add(worker.Counters.Tasks[0].State);
        }

        Assert.Empty(log.OpenedInsideOfPoll);
        Assert.Equal([TaskState.Restoring, TaskState.Restoring, TaskState.Restoring, TaskState.Running], states.Take(4));
        Assert.Equal(["init with 0 left", "process v", "punctuate"], happened.Take(3));
    }

    [Fact]
    public void What_was_never_initialized_is_not_closed()
    {
        var (log, happened) = (new RestoringLog(pieces: 3), new List<string>());
        log.Inner.EnsureTopics(Topology(happened, log).Topics);
        var application = new TaskEnvironment(Topology(happened, log), log, TimeProvider.System, static (_, scoped in _, _) => new DeserializationHandlerResponse.Fail());
        using var globals = new GlobalStores(application);
        var worker = new StreamWorker(application, new("app", "test"), globals, application.Topology.SubTopologies);
        worker.RunOnce(TimeSpan.Zero);
        Assert.Equal(TaskState.Restoring, worker.Counters.Tasks[0].State);

        worker.Dispose();

        Assert.Empty(happened);
    }

    static TaskStates Reach(TaskState state)
    {
        var states = new TaskStates(new(0, 0));
        TaskState[] way = [TaskState.Restoring, TaskState.Running, TaskState.Suspended, TaskState.Closed];
        foreach (var next in way.TakeWhile(_ => states.Current != state))
        {
            states.Go(next);
        }

        return states;
    }

    static Topology Topology(List<string> happened, RestoringLog log) => new TopologyBuilder()
        .AddTextSource("source", "input")
        .AddProcessor<string, string>("p", () => new TextProcessor(
            context =>
            {
                happened.Add($"init with {log.PiecesLeft} left");
                context.Schedule(TimeSpan.FromSeconds(1), PunctuationType.WallClockTime, _ => happened.Add("punctuate"));
            },
            (_, value, _) => happened.Add($"process {value}"))
        {
            Closed = () => happened.Add("close"),
        }, "source")
        .AddStateStore(new StoreSpec("store"), "p")
        .Build("app", 1);
}
