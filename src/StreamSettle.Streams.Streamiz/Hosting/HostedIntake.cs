using StreamSettle.Streams.Log;
using StreamSettle.Streams.Runtime;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Streamiz.Hosting;

/// <summary>Records between the client, Streamiz and the tasks: read, handed to Streamiz, and given to a task when Streamiz says that it is their turn.</summary>
sealed class HostedIntake(WorkerOptions options)
{
    /// <summary>Above it a partition whose task does not run yet is not read.</summary>
    const int WaitingMax = 20_000;

    readonly FetchedRecords fetched = new() { RecordsMax = options.PollRecordsMax, BytesMax = options.PollBytesMax };
    readonly Dictionary<TopicPartition, HostedFeed> feeds = [];
    readonly Queue<(HostedFeed Feed, HostedRecord Record)> ready = new();
    readonly Stack<FetchBuffer> free = new();
    readonly RecordBatch framed = new();

    /// <summary>All that was read has been given to its task.</summary>
    public bool IsEmpty => ready.Count == 0 && feeds.Values.All(feed => feed.IsEmpty);

    public void Poll(ILogClient client, TimeSpan wait)
    {
        client.Poll(fetched, wait);
        foreach (var batch in fetched.Batches)
        {
            Add(batch);
            Pause(client, batch.Partition);
        }

        foreach (var (partition, next) in fetched.Progress)
        {
            FeedOf(partition).Pass(next);
        }
    }

    /// <summary>Hands out from now on what waits for these tasks.</summary>
    public void Open(List<StreamTask> running, ILogClient client)
    {
        foreach (var task in running)
        {
            foreach (var queue in task.Queues)
            {
                var feed = FeedOf(queue.Partition);
                if (!feed.IsOpen)
                {
                    feed.Open(ready);
                }

                if (feed.IsPaused)
                {
                    feed.IsPaused = false;
                    client.Resume(queue.Partition);
                }
            }
        }
    }

    public bool TryHandOver(out HostedRecord record)
    {
        while (ready.TryDequeue(out var next))
        {
            if (!next.Feed.IsDropped)
            {
                record = next.Record;
                next.Feed.HandedOver(record);
                return true;
            }
        }

        record = default;
        return false;
    }

    /// <summary>Puts one record into its task's queue; false for one that is not its turn, and comes again or came already.</summary>
    public bool TryGive(StreamTask task, HostedRecord record)
    {
        var queue = task.Queue(record.Partition.Topic);
        if (!FeedOf(record.Partition).IsNext(record) || record.Offset < queue.Position)
        {
            return false;
        }

        var buffer = free.TryPop(out var used) ? used : new(free, new());
        framed.Clear();
        framed.Add(new()
        {
            TimestampMs = FeedOf(record.Partition).TimestampOf(record), KeyIsNull = record.Key is null, Key = record.Key, ValueIsNull = record.Value is null, Value = record.Value, Headers = record.Headers,
        });
        buffer.Records.Clear();
        buffer.Records.Add(record.Partition, record.Offset, 1, framed.Bytes);
        buffer.Retain();
        queue.Add(buffer, buffer.Records.Batches[0]);
        buffer.Release();
        return true;
    }

    public void PassGaps(StreamTask task)
    {
        foreach (var queue in task.Queues)
        {
            FeedOf(queue.Partition).PassGaps(queue);
        }
    }

    public void Forget(IReadOnlyCollection<TopicPartition> partitions)
    {
        foreach (var partition in partitions)
        {
            if (feeds.Remove(partition, out var feed))
            {
                feed.IsDropped = true;
            }
        }
    }

    public void Clear() => Forget([.. feeds.Keys]);

    void Add(FetchedBatch batch)
    {
        var feed = FeedOf(batch.Partition);
        var rest = fetched.BytesOf(batch);
        for (var offset = batch.BaseOffset; RecordBatch.TryReadNext(ref rest, out var record); offset++)
        {
            feed.Add(new(batch.Partition, offset, record.TimestampMs, record.KeyIsNull ? null : record.Key.ToArray(), record.ValueIsNull ? null : record.Value.ToArray())
            {
                Headers = record.Headers.ToArray(),
            }, ready);
        }
    }

    void Pause(ILogClient client, TopicPartition partition)
    {
        var feed = FeedOf(partition);
        if (!feed.IsOpen && !feed.IsPaused && feed.Waiting > WaitingMax)
        {
            feed.IsPaused = true;
            client.Pause(partition);
        }
    }

    HostedFeed FeedOf(TopicPartition partition)
    {
        if (!feeds.TryGetValue(partition, out var feed))
        {
            feeds.Add(partition, feed = new());
        }

        return feed;
    }
}
