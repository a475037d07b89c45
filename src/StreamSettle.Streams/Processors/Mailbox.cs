namespace StreamSettle.Streams.Processors;

/// <summary>Messages from other threads to one task. Posting is thread-safe, never blocks, and wakes the task's thread.</summary>
public abstract class Mailbox<T>
{
    /// <summary>After the task has closed the message is dropped: its sender will find the task's committed state at the next owner.</summary>
    public abstract void Post(T message);
}
