using Confluent.Kafka;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Log;
using TopicPartition = StreamSettle.Streams.Log.TopicPartition;

namespace StreamSettle.Streams.Kafka.Commits;

/// <summary>One stream thread's producer: what is handed over between two commits.</summary>
internal interface IRecordProducer : IDisposable
{
    /// <summary>Offsets that a commit takes in each partition that it wrote to, beside its records.</summary>
    int MarkersPerCommit { get; }

    /// <summary>Records of the next commit may come before them; those of the one after it do not. Default false: all that is handed over later comes behind them.</summary>
    bool MarkersComeLate => false;

    /// <summary>Makes ready; to be called before positions are read.</summary>
    /// <exception cref="TransactionAbortedException">The broker cannot be reached or does not allow it.</exception>
    void Initialize();

    /// <summary>Begins what <see cref="Commit"/> ends. Returns at once where it has begun.</summary>
    void Begin();

    /// <summary>Hands a record over; it is on its way when it is committed.</summary>
    /// <exception cref="UserMistakeException">The record is larger than the client or the topic allows.</exception>
    void Produce(TopicPartition partition, scoped in RawRecord record);

    /// <summary>Sends the positions ahead, where they are part of a transaction; records may be handed over meanwhile.</summary>
    /// <param name="group">Under which assignment; null for who is no member.</param>
    /// <exception cref="TransactionAbortedException">They were refused.</exception>
    void SendPositions(IReadOnlyCollection<TopicPartitionOffset> positions, IConsumerGroupMetadata? group);

    /// <summary>
    /// Sends what was handed over without waiting for more of it, and returns soon, whether it has arrived or not: <see cref="Commit"/> waits for that. Nothing is handed over meanwhile.
    /// </summary>
    void Flush();

    /// <summary>Makes durable what was handed over since <see cref="Begin"/>, and the positions, which were sent.</summary>
    /// <param name="group">Under which assignment; null for who is no member.</param>
    /// <exception cref="TransactionAbortedException">It did not happen.</exception>
    void Commit(IReadOnlyCollection<TopicPartitionOffset> positions, IConsumerGroupMetadata? group);

    /// <summary>Gives up what is open, as well as it can.</summary>
    void Abort();
}
