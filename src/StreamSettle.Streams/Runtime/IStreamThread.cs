using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Runtime;

/// <summary>One thread of an application, whoever runs its rounds: the runtime itself or a host.</summary>
interface IStreamThread
{
    string Name { get; }

    /// <summary>Completes when the thread has ended, well or not.</summary>
    Task Ended { get; }

    /// <summary>Null before the thread has begun.</summary>
    WorkerCounters? Counters { get; }

    void Start();

    /// <summary>Asks for the end after what is under way; a thread that was never started ends at once.</summary>
    void Stop();
}

/// <summary>Makes a thread that is not started yet.</summary>
/// <param name="plan">Its options tell the application of commits that did not happen.</param>
/// <param name="events">What it tells the application.</param>
delegate IStreamThread StreamThreadFactory(ThreadPlan plan, TaskEnvironment application, GlobalStores globals, StreamThreadEvents events);
