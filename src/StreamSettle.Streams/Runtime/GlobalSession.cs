using StreamSettle.Streams.Log;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Runtime;

/// <summary>One client's work on the global stores, until it is closed or fails.</summary>
sealed class GlobalSession : IDisposable
{
    // A fetch of what is known to be committed; the wait is only for transports that need a round trip.
    static readonly TimeSpan FetchWait = TimeSpan.FromMilliseconds(100);

    readonly ILogClient client;
    readonly OutputCollector outputs;
    readonly RecordIntake intake = new(FetchLimits.RecordsMaxDefault, FetchLimits.BytesMaxDefault);
    readonly List<StreamTask> tasks = [];
    readonly Dictionary<TopicPartition, RecordQueue> queues = [];
    readonly TaskTransaction transaction;

    GlobalSession(TaskEnvironment application, string group)
    {
        client = application.Log.OpenClient(group, "global");
        outputs = new(application.Topology);

        // What is lost of it with power is applied again from the topics; whatever was decided by it is committed later, and is lost with it or not at all.
        transaction = new(outputs) { MayBeDoneAgain = true };
    }

    public static GlobalSession Open(TaskEnvironment application, string group, Bell bell)
    {
        var session = new GlobalSession(application, group);
        session.client.Follow([.. application.Topology.Globals.Select(global => global.Topic)]);
        var thread = new ThreadEnvironment(group, session.client, session.outputs, bell, () => { });
        foreach (var global in application.Topology.Globals)
        {
            var task = new StreamTask(application, thread, TaskPlan.Of(global, application.Log.Partitions(global.Topic)));
            session.tasks.Add(task);
            foreach (var queue in task.Queues)
            {
                session.intake.Register(queue);
                session.queues.TryAdd(queue.Partition, queue);
            }
        }

        session.tasks.ForEach(task =>
        {
            task.Open();
            while (!task.Restore())
            {
            }

            task.Init();
        });
        return session;
    }

    /// <summary>Fetches, applies and commits once; false when a record cannot be read yet, and what comes behind it has to wait.</summary>
    public bool Apply()
    {
        // What was fetched is enough to wait with.
        if (!IsHeldBack)
        {
            intake.Fetch(client, FetchWait);
            intake.Deliver();
        }

        foreach (var task in tasks)
        {
            task.ForgetCaughtUp();
            while (task.ProcessNext())
            {
            }
        }

        transaction.Begin(client, tasks, tasks);
        transaction.Finish(client, tasks);
        return !IsHeldBack;
    }

    public long Position(TopicPartition partition) => queues[partition].Position;

    bool IsHeldBack => tasks.Exists(task => task.IsHeldBack);

    public void Dispose()
    {
        var failure = new FirstFailure();
        tasks.ForEach(task => failure.Run(task.Dispose));
        failure.Run(client.Dispose);
        failure.Throw();
    }
}
