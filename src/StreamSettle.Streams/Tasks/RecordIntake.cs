using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Tasks;

/// <summary>Polls a client and hands the batches to the queues of the tasks.</summary>
sealed class RecordIntake(int recordsMax, int bytesMax)
{
    readonly Dictionary<TopicPartition, RecordQueue> queues = [];
    readonly Stack<FetchBuffer> free = new();
    FetchBuffer? fetched;

    public void Register(RecordQueue queue) => queues.Add(queue.Partition, queue);

    public void Unregister(RecordQueue queue)
    {
        queues.Remove(queue.Partition);
        queue.Close();
    }

    /// <summary>Fetches and returns the number of records that came. They are handed out by <see cref="Deliver"/>: tasks that came with them are made before.</summary>
    public int Fetch(ILogClient client, TimeSpan timeout)
    {
        fetched = free.TryPop(out var used) ? used : new(free, new() { RecordsMax = recordsMax, BytesMax = bytesMax });
        fetched.Retain();
        client.Poll(fetched.Records, timeout);
        return fetched.Records.Count;
    }

    public void Deliver()
    {
        var buffer = fetched ?? throw new InvalidOperationException("nothing was fetched");
        fetched = null;
        var batches = buffer.Records.Batches;
        for (var i = 0; i < batches.Count; i++)
        {
            // A partition without a queue was given up while its records were on their way.
            if (queues.TryGetValue(batches[i].Partition, out var queue))
            {
                queue.Add(buffer, batches[i]);
            }
        }

        foreach (var (partition, next) in buffer.Records.Progress)
        {
            if (queues.TryGetValue(partition, out var queue))
            {
                queue.Pass(next);
            }
        }

        buffer.Release();
    }
}
