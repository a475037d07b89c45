namespace StreamSettle.Streams.Processors;

/// <summary>A schedule of one processor; disposing ends it.</summary>
public interface IPunctuation : IDisposable
{
    /// <summary>
    /// While true it wakes nobody: what is due comes with whatever wakes the task's thread next, another task's punctuation as a rule. For a processor that knows that it has nothing to do until something
    /// comes to it. Of stream time it says nothing. Default false. On the task's thread.
    /// </summary>
    bool IsLazy { get; set; }
}
