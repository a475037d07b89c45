using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Kafka.Native;
using StreamSettle.Streams.Log;
using TopicPartition = StreamSettle.Streams.Log.TopicPartition;

namespace StreamSettle.Streams.Kafka.Reading;

/// <summary>
/// Reads committed records of given partitions, without being anybody's member, a batch a call and without an allocation a record. For one thread, but for
/// <see cref="Wake"/>.
/// </summary>
internal sealed unsafe class RecordReader : IDisposable
{
    /// <summary>Records of one call.</summary>
    public const int MessagesMax = 1_000;

    readonly IConsumer<Ignore, Ignore> consumer;
    readonly MissingTopic missing;
    readonly nint client;
    readonly nint queue;
    readonly NativeMessage** messages;
    readonly Dictionary<TopicPartition, ReadPartition> partitions = [];

    // Topic handles live as long as the partition is assigned, so both tables are forgotten with every change.
    readonly Dictionary<(nint Topic, int Partition), ReadPartition?> byHandle = [];

    /// <summary>Whose leader the client was made to ask for. By an assignment alone it asks when it next looks at its topics, once a second.</summary>
    readonly TopicHandles topics;
    readonly Lock waking = new();
    readonly RecordBatch run = new();
    readonly ByteBuffer headers = new();
    ReadPartition? current;
    string? refused;
    (nint Topic, int Partition) currentHandle;
    long runStart;
    bool disposed;

    public RecordReader(IConsumer<Ignore, Ignore> consumer, MissingTopic missing)
    {
        this.consumer = consumer;
        this.missing = missing;
        client = ClientPointer.Of(consumer.Handle);
        topics = new(client);
        queue = RecordCalls.rd_kafka_queue_get_consumer(client);
        messages = (NativeMessage**)NativeMemory.Alloc(MessagesMax, (nuint)sizeof(NativeMessage*));
    }

    /// <summary>Something is read for others than who polls: a store is restored.</summary>
    public bool HasTargets { get; private set; }

    /// <summary>Reads the partition from the offset on; negative for where it begins.</summary>
    /// <param name="target">Null for who polls.</param>
    public ReadPartition Add(TopicPartition partition, long offset, IRecordTarget? target)
    {
        var added = new ReadPartition(partition, Math.Max(0, offset), target);
        partitions.Add(partition, added);
        HasTargets |= target is not null;
        Forget();
        topics.Of(partition.Topic);
        consumer.IncrementalAssign([new TopicPartitionOffset(partition.ToKafka(), offset < 0 ? Offset.Beginning : offset)]);
        return added;
    }

    public void Remove(IEnumerable<TopicPartition> leaving)
    {
        var left = leaving.Where(partitions.Remove).Select(partition => partition.ToKafka()).ToList();
        Forget();
        HasTargets = partitions.Values.Any(partition => partition.Target is not null);
        if (left.Count > 0)
        {
            consumer.IncrementalUnassign(left);
        }
    }

    /// <summary>What the group committed of the partitions; negative where nothing was. Null while a transaction that would move it is not decided.</summary>
    public List<(TopicPartition Partition, long Offset)>? Committed(IEnumerable<TopicPartition> wanted, TimeSpan patience)
    {
        try
        {
            return [.. consumer.Committed(wanted.Select(partition => partition.ToKafka()), patience).Select(found => (found.TopicPartition.FromKafka(), found.Offset.Value))];
        }
        catch (KafkaException failed) when (failed.Error.Code is ErrorCode.Local_TimedOut or ErrorCode.UnstableOffsetCommit)
        {
            return null;
        }
    }

    public void Pause(TopicPartition partition) => consumer.Pause([partition.ToKafka()]);

    public void Resume(TopicPartition partition) => consumer.Resume([partition.ToKafka()]);

    /// <summary>Reads what is there, waiting at most so long for the first. Returns the number of records and ends.</summary>
    /// <exception cref="CorruptStateException">Records were deleted before they were read.</exception>
    /// <exception cref="TransactionAbortedException">The service's user may not read a topic now.</exception>
    public int Read(IRecordTarget polled, int timeoutMs)
    {
        var count = Wait(timeoutMs);
        count += Math.Max(0, (int)RecordCalls.rd_kafka_consume_batch_queue(queue, timeoutMs: 0, messages + count, (nuint)(MessagesMax - count)));
        string? failure = null;
        for (var i = 0; i < count; i++)
        {
            failure ??= Take(messages[i], polled);
            RecordCalls.rd_kafka_message_destroy(messages[i]);
        }

        FlushRun(polled);
        failure ??= missing.Reason is { } gone ? Gone("A topic", gone) : null;
        if (failure is not null)
        {
            throw new CorruptStateException(failure);
        }

        if (refused is { } reason)
        {
            refused = null;
            throw new TransactionAbortedException(reason);
        }

        return count;
    }

    /// <summary>Waits for one message, and takes it: a call that has room for more waits for all of them, and what has come lies there until the time is over.</summary>
    int Wait(int timeoutMs) => timeoutMs > 0 ? Math.Max(0, (int)RecordCalls.rd_kafka_consume_batch_queue(queue, timeoutMs, messages, size: 1)) : 0;

    /// <summary>Partitions where nothing more is given though the log goes on, and since which timestamp.</summary>
    public IEnumerable<(ReadPartition Partition, long Since)> Undecided(long now)
    {
        foreach (var partition in partitions.Values)
        {
            if (partition.UndecidedSince(HighWatermark(partition.Partition), now) is { } since)
            {
                yield return (partition, since);
            }
        }
    }

    /// <summary>From any thread, also after the end: whoever stops the threads does not know which have ended.</summary>
    public void Wake()
    {
        lock (waking)
        {
            if (!disposed)
            {
                RecordCalls.rd_kafka_queue_yield(queue);
            }
        }
    }

    public void Dispose()
    {
        if (!disposed)
        {
            lock (waking)
            {
                disposed = true;
            }

            topics.Dispose();
            RecordCalls.rd_kafka_queue_destroy(queue);
            NativeMemory.Free(messages);
            consumer.Close();
            consumer.Dispose();
        }
    }

    /// <summary>Returns what is wrong and does not pass by itself.</summary>
    string? Take(NativeMessage* message, IRecordTarget polled)
    {
        if (message->Topic == 0 || PartitionOf(message) is not { } partition)
        {
            // An answer to what was given up meanwhile, or a broker that is away: the client goes on by itself.
            return null;
        }

        if (message->Error == 0)
        {
            if (partition != current || message->Offset != runStart + run.Count)
            {
                FlushRun(polled);
                current = partition;
                runStart = message->Offset;
            }

            int timestampType;
            NativeHeaders.Read(message, headers);
            run.Add(
                RecordCalls.rd_kafka_message_timestamp(message, &timestampType), message->Key is null, message->KeySpan, message->Value is null, message->ValueSpan, headers.Written);
            return null;
        }

        FlushRun(polled);
        switch ((ErrorCode)message->Error)
        {
            case ErrorCode.Local_PartitionEOF:
                partition.MeetEnd(message->Offset);
                (partition.Target ?? polled).Pass(partition.Partition, partition.Next);
                return null;
            case ErrorCode.Local_AutoOffsetReset:
                return $"{partition.Partition} does not have what follows offset {partition.Next} any more ({Encoding.UTF8.GetString(message->ValueSpan)}): it was deleted before it was "
                    + "read, by retention or by somebody who made the topic anew. Nothing goes on without it: restore the topic";
            case ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition:
                return Gone(partition.Partition.ToString(), Encoding.UTF8.GetString(message->ValueSpan));
            case ErrorCode.TopicAuthorizationFailed:
                refused = $"{partition.Partition} may not be read by the service's user any more: docs/kafka.md lists the rights that it needs";
                return null;
            default:
                return null;
        }
    }

    static string Gone(string what, string told) =>
        $"{what} is not there any more ({told}): it was deleted while it was read. What was committed is counted; what followed is lost. Restore the topic, or find out what it held before you make it anew";

    void FlushRun(IRecordTarget polled)
    {
        if (current is { } partition && run.Count > 0)
        {
            partition.Read(runStart + run.Count, HighWatermark(partition.Partition));
            (partition.Target ?? polled).Take(partition.Partition, runStart, run);
        }

        current = null;
        run.Clear();
    }

    ReadPartition? PartitionOf(NativeMessage* message)
    {
        var handle = (message->Topic, message->Partition);
        if (current is { } same && handle == currentHandle)
        {
            return same;
        }

        if (!byHandle.TryGetValue(handle, out var found))
        {
            var topic = Marshal.PtrToStringUTF8((nint)RecordCalls.rd_kafka_topic_name(message->Topic))!;
            byHandle.Add(handle, found = partitions.GetValueOrDefault(new(topic, message->Partition)));
        }

        currentHandle = handle;
        return found;
    }

    void Forget()
    {
        byHandle.Clear();
        currentHandle = default;
    }

    /// <summary>As of the last fetch; asks nobody.</summary>
    long HighWatermark(TopicPartition partition)
    {
        long low, high;
        return RecordCalls.rd_kafka_get_watermark_offsets(client, partition.Topic, partition.Partition, &low, &high) == 0 ? high : -1;
    }
}
