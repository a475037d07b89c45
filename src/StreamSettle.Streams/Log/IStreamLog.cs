using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Log;

/// <summary>
/// The one port to the outside: topics of ordered records, and one atomic commit of outputs, store changes and consumed positions.
/// Implemented embedded (one RocksDB), in memory (driver, simulator) and, later, on Kafka (consumer group and transactional producer).
/// </summary>
public interface IStreamLog : IAsyncDisposable
{
    /// <summary>Creates the topics that are missing and checks the others.</summary>
    /// <exception cref="Kernel.Failures.UserMistakeException">A topic exists with another number of partitions.</exception>
    void EnsureTopics(IReadOnlyCollection<TopicSpec> topics);

    /// <summary>The client of one stream thread: a member of the group <paramref name="group"/>.</summary>
    ILogClient OpenClient(string group, string member);

    /// <summary>The offset that the next record of the partition will get; what is committed only.</summary>
    long EndOffset(TopicPartition partition);

    /// <summary>The next offset that <paramref name="group"/> will read of the partition; 0 (or the first kept) before its first commit.</summary>
    long CommittedPosition(string group, TopicPartition partition);

    /// <summary>A read-only view of a store across partitions as of the last commit; safe from any thread.</summary>
    IReadOnlyKeyValueStore OpenCommittedView(StoreSpec store, int partition);
}

/// <summary>One stream thread's connection to the log; used by that thread only, but for <see cref="Wake"/>.</summary>
public interface ILogClient : IDisposable
{
    /// <summary>
    /// Joins the group with these topics. Partitions of one index across the topics of one set are always owned together (co-partitioned), by one member.
    /// </summary>
    void Subscribe(IReadOnlyList<IReadOnlyCollection<string>> copartitioned, IAssignmentListener listener);

    /// <summary>Reads all partitions of the topics without being a group member, from <paramref name="positions"/>: how global stores follow their topics.</summary>
    void Assign(IReadOnlyCollection<(TopicPartition Partition, long Offset)> positions);

    /// <summary>
    /// Fetches committed records of the owned, not paused partitions. Assignment changes are told to the listener from in here.
    /// Returns at once when there is something, else after <paramref name="timeout"/> or <see cref="Wake"/>.
    /// </summary>
    /// <param name="into">Cleared first, then filled with batches; valid until the next poll.</param>
    void Poll(FetchedRecords into, TimeSpan timeout);

    void Pause(TopicPartition partition);

    void Resume(TopicPartition partition);

    /// <summary>Makes all of it durable and visible, or nothing. When it returns it survives kill -9 and power loss.</summary>
    /// <exception cref="TransactionAbortedException">Nothing of it happened; the tasks' uncommitted state is to be dropped and read anew.</exception>
    void Commit(LogCommit commit);

    /// <summary>The committed content of a task's store, under the overlay. Reads see what was committed by this client.</summary>
    IStoreBase OpenStore(StoreSpec store, TaskId task);

    /// <summary>Ends a <see cref="Poll"/> that waits, now or the next one. Thread-safe.</summary>
    void Wake();
}

/// <summary>Told by <see cref="ILogClient.Poll"/> which partitions come and go.</summary>
public interface IAssignmentListener
{
    void Assigned(IReadOnlyCollection<TopicPartition> partitions);

    /// <summary>Given up in good order: commit what is done, then close.</summary>
    void Revoked(IReadOnlyCollection<TopicPartition> partitions);

    /// <summary>Taken away: whatever is not committed is void.</summary>
    void Lost(IReadOnlyCollection<TopicPartition> partitions);
}

/// <summary>The commit did not happen and may be tried again from the last committed state: a retryable environment.</summary>
public sealed class TransactionAbortedException(string message, Exception? inner = null) : Exception(message, inner);
