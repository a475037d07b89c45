using System.Collections.Concurrent;
using StreamSettle.Streams.Processors;

namespace StreamSettle.Streams.Tasks;

/// <summary>A mailbox of one task, apart from its type.</summary>
interface ITaskMailbox
{
    /// <summary>Runs the handler for what was there at the call, and returns how many that were. On the task's thread.</summary>
    int Drain();

    void Close();
}

/// <summary>Many posters, one reader. The bell is rung after the message is in, so a reader that clears it first misses none.</summary>
sealed class TaskMailbox<T>(Bell bell, Action<T> handler) : Mailbox<T>, ITaskMailbox
{
    readonly ConcurrentQueue<T> messages = new();
    volatile bool isClosed;

    public override void Post(T message)
    {
        if (!isClosed)
        {
            messages.Enqueue(message);
            bell.Ring();
        }
    }

    public int Drain()
    {
        var count = messages.Count;
        for (var left = count; left > 0 && !isClosed && messages.TryDequeue(out var message); left--)
        {
            handler(message);
        }

        if (!messages.IsEmpty)
        {
            bell.Ring();
        }

        return count;
    }

    public void Close()
    {
        isClosed = true;
        messages.Clear();
    }
}
