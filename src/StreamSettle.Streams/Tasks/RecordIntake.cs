using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Tasks;

/// <summary>Polls a client and hands the batches to the queues of the tasks.</summary>
sealed class RecordIntake(int recordsMax, int bytesMax)
{
    readonly Dictionary<TopicPartition, RecordQueue> queues = [];
    readonly Stack<FetchBuffer> free = new();

    public void Register(RecordQueue queue) => queues.Add(queue.Partition, queue);

    public void Unregister(RecordQueue queue)
    {
        queues.Remove(queue.Partition);
        queue.Close();
    }

    /// <summary>Returns the number of records that came.</summary>
    public int Poll(ILogClient client, TimeSpan timeout)
    {
        var buffer = free.TryPop(out var used) ? used : new(free, new() { RecordsMax = recordsMax, BytesMax = bytesMax });
        buffer.Retain();
        client.Poll(buffer.Records, timeout);
        var batches = buffer.Records.Batches;
        for (var i = 0; i < batches.Count; i++)
        {
            // A partition without a queue was given up while its records were on their way.
            if (queues.TryGetValue(batches[i].Partition, out var queue))
            {
                queue.Add(buffer, batches[i]);
            }
        }

        var count = buffer.Records.Count;
        buffer.Release();
        return count;
    }
}
