using StreamSettle.Streams.Log;

namespace StreamSettle.App.Running;

/// <summary>How many changes of orders the log has. On a cluster that is a question to the brokers: it is asked at most once a second, and while they are away the last answer stands. Thread-safe.</summary>
/// <param name="orders">The topic.</param>
sealed class SourceEnds(IStreamLog log, string orders, int partitions, TimeProvider time)
{
    static readonly TimeSpan Age = TimeSpan.FromSeconds(1);

    readonly Lock asking = new();
    readonly TopicPartition[] asked = [.. Enumerable.Range(0, partitions).Select(partition => new TopicPartition(orders, partition))];
    long? askedAt;
    long changes;

    public long Changes()
    {
        // Who comes while another one asks takes what is known: a broker that does not answer keeps one waiting, not all.
        if (!asking.TryEnter())
        {
            return Volatile.Read(ref changes);
        }

        try
        {
            if (askedAt is { } at && time.GetElapsedTime(at) < Age)
            {
                return changes;
            }

            Volatile.Write(ref changes, log.EndOffsets(asked).Sum());
            askedAt = time.GetTimestamp();
        }
        catch (TransactionAbortedException)
        {
            // The brokers are away, which the source's state and the reasons of readiness tell.
            askedAt = time.GetTimestamp();
        }
        finally
        {
            asking.Exit();
        }

        return Volatile.Read(ref changes);
    }
}
