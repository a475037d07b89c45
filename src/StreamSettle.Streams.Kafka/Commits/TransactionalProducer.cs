using Confluent.Kafka;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Kafka.Native;
using StreamSettle.Streams.Log;
using TopicPartition = StreamSettle.Streams.Log.TopicPartition;

namespace StreamSettle.Streams.Kafka.Commits;

/// <summary>One stream thread's producer: one transaction at a time. Records are handed over without an allocation each.</summary>
internal sealed unsafe class TransactionalProducer : IRecordProducer
{
    const int CopyPayload = 2;

    static readonly TimeSpan CallPatience = TimeSpan.FromSeconds(10);

    /// <summary>librdkafka looks whether all has arrived each 10 ms, unless it is asked for less.</summary>
    static readonly TimeSpan FlushStep = TimeSpan.FromMilliseconds(1);

    const int FlushSteps = 100;

    readonly IProducer<Null, Null> producer;
    readonly nint client;
    readonly TopicHandles topics;
    readonly TimeProvider time;
    readonly Lock calling = new();
    bool isInitialized;
    bool isOpen;
    int calls;
    bool isLeft;
    bool isFreed;

    public TransactionalProducer(IProducer<Null, Null> producer, TimeProvider time)
    {
        this.producer = producer;
        this.time = time;
        client = ClientPointer.Of(producer.Handle);
        topics = new(client);
    }

    public int MarkersPerCommit => 1;

    /// <summary>Ends what an earlier producer of this transactional id left open, and puts that one out.</summary>
    public void Initialize()
    {
        if (!isInitialized)
        {
            Call(() => producer.InitTransactions(CallPatience));
            isInitialized = true;
        }

        // What the client has to say waits for somebody who asks: it has no thread for that, which would wake ten times a second.
        producer.Poll(TimeSpan.Zero);
    }

    public void Begin()
    {
        if (!isOpen)
        {
            Call(producer.BeginTransaction);
            isOpen = true;
        }
    }

    public void Produce(TopicPartition partition, scoped in RawRecord record)
    {
        var headers = NativeHeaders.Make(record.Headers);
        byte empty = 0;
        fixed (byte* key = record.Key, value = record.Value)
        {
            var fields = stackalloc ProduceField[7];
            fields[0] = new() { Kind = ProduceField.Topic, Pointer = (void*)topics.Of(partition.Topic) };
            fields[1] = new() { Kind = ProduceField.Partition, Int32 = partition.Partition };
            fields[2] = new() { Kind = ProduceField.Flags, Int32 = CopyPayload };
            // The client takes 0 for "now".
            fields[3] = new() { Kind = ProduceField.Timestamp, Int64 = Math.Max(1, record.TimestampMs) };
            fields[4] = new() { Kind = ProduceField.Key, Pointer = record.KeyIsNull ? null : key is null ? &empty : key, Size = (nuint)record.Key.Length };
            fields[5] = new() { Kind = ProduceField.Value, Pointer = record.ValueIsNull ? null : value is null ? &empty : value, Size = (nuint)record.Value.Length };
            fields[6] = new() { Kind = ProduceField.Headers, Pointer = (void*)headers };
            var error = RecordCalls.rd_kafka_produceva(client, fields, headers == 0 ? 6u : 7u);
            if (error != 0)
            {
                Fail(error, headers, partition, record);
            }
        }
    }

    public void SendPositions(IReadOnlyCollection<TopicPartitionOffset> positions, IConsumerGroupMetadata? group)
    {
        if (group is not null)
        {
            Call(() => producer.SendOffsetsToTransaction(positions, group, CallPatience));
        }
    }

    public void Flush() => Call(() =>
    {
        var left = int.MaxValue;
        for (var step = 0; step < FlushSteps && left > 0; step++)
        {
            left = producer.Flush(FlushStep);
        }
    });

    /// <summary>All of it together with the positions, or nothing.</summary>
    public void Commit(IReadOnlyCollection<TopicPartitionOffset> positions, IConsumerGroupMetadata? group)
    {
        Call(() => producer.CommitTransaction(CallPatience));
        isOpen = false;
    }

    /// <summary>Gives up what is open, as well as it can: what does not reach the broker ends by the transaction's time-out.</summary>
    public void Abort()
    {
        if (!isOpen || IsInCall)
        {
            return;
        }

        isOpen = false;
        try
        {
            producer.AbortTransaction(CallPatience);
        }
        catch (KafkaException)
        {
            // Put out, or out of reach: the next producer of the same id ends it too.
        }
    }

    /// <summary>A client that has not come back from a call is left to that call: it would be freed under its feet. Another one of this transactional id puts it out.</summary>
    public void Dispose()
    {
        lock (calling)
        {
            isLeft = calls > 0;
            if (isLeft || isFreed)
            {
                return;
            }
        }

        Abort();
        lock (calling)
        {
            isFreed = true;
        }

        Free();
    }

    bool IsInCall
    {
        get
        {
            lock (calling)
            {
                return calls > 0;
            }
        }
    }

    void Free()
    {
        topics.Dispose();
        producer.Dispose();
    }

    /// <exception cref="TransactionAbortedException">It failed, or the client was left to an earlier call that has come back and freed it.</exception>
    void Call(Action call)
    {
        lock (calling)
        {
            if (isFreed)
            {
                throw new TransactionAbortedException("the Kafka client was given up");
            }

            calls++;
        }

        try
        {
            Repeat(call);
        }
        finally
        {
            bool isLast;
            lock (calling)
            {
                isLast = --calls == 0 && isLeft;
                isFreed |= isLast;
            }

            if (isLast)
            {
                Free();
            }
        }
    }

    /// <summary>Repeats what may be repeated, for a while.</summary>
    void Repeat(Action call)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                call();
                return;
            }
            catch (KafkaRetriableException) when (time.GetElapsedTime(started) < CallPatience)
            {
                // The same call again goes on where it was.
            }
            catch (KafkaException exception)
            {
                throw KafkaFailure.Aborted(exception);
            }
        }
    }

    static void Fail(nint error, nint headers, TopicPartition partition, scoped in RawRecord record)
    {
        var code = (ErrorCode)RecordCalls.rd_kafka_error_code(error);
        RecordCalls.rd_kafka_error_destroy(error);
        if (headers != 0)
        {
            RecordCalls.rd_kafka_headers_destroy(headers);
        }

        var reason = new Error(code).Reason;
        throw code == ErrorCode.MsgSizeTooLarge
            ? new UserMistakeException(
                $"a record of {record.Key.Length + record.Value.Length} bytes for {partition} is larger than the client sends ({reason}): raise Kafka:message.max.bytes, and max.message.bytes of the topic")
            : new TransactionAbortedException($"a record for {partition} could not be handed over: {reason}");
    }
}
