using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Kafka.Stores;

/// <summary>
/// Which part of the copy is whose: a task's while its store is open, else the standby's that follows it, else nobody's. Whoever writes as a standby does it inside
/// of <see cref="IfFree"/>, so a task that has taken its part is alone with it. Thread-safe.
/// </summary>
internal sealed class CopyOwners
{
    readonly Lock gate = new();
    readonly HashSet<TopicPartition> taken = [];

    /// <summary>False while another task of this process has it, which is about to close.</summary>
    public bool TryTake(TopicPartition changelog)
    {
        lock (gate)
        {
            return taken.Add(changelog);
        }
    }

    public void Return(TopicPartition changelog)
    {
        lock (gate)
        {
            taken.Remove(changelog);
        }
    }

    public bool IsTaken(TopicPartition changelog)
    {
        lock (gate)
        {
            return taken.Contains(changelog);
        }
    }

    /// <summary>Does something to a part that no task has, and keeps tasks from taking any meanwhile; false where one has it.</summary>
    public bool IfFree(TopicPartition changelog, Action act)
    {
        lock (gate)
        {
            if (taken.Contains(changelog))
            {
                return false;
            }

            act();
            return true;
        }
    }
}
