using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Log;

/// <summary>
/// The one port to the outside: topics of ordered records, and one atomic commit of outputs, store changes and consumed positions.
/// Implemented embedded (one RocksDB), in memory (driver, simulator) and on Kafka (consumer group and transactional producer).
/// </summary>
/// <remarks>
/// Offsets of a partition only grow, and have gaps: where a compacted topic lost records, where a transaction was aborted, and where its marker stands, also at
/// the very end. So nobody counts records by offsets, and "caught up" is not that the last record was seen: a reader has come up to an end when its position,
/// which moves over gaps (<see cref="FetchedRecords.Progress"/>), has reached it.
/// </remarks>
public interface IStreamLog : IAsyncDisposable
{
    /// <summary>The same as long as the log is; another for another log. Who remembers it notices a lost or exchanged one.</summary>
    Guid Identity { get; }

    /// <summary>Why commits do not happen now, such as a full disk: nothing is lost, and they are tried again. Null while they do. Safe from any thread.</summary>
    string? WriteFailure => null;

    /// <summary>Why records that are there are not read now, and what to do: it does not pass by itself. Null while they are. Safe from any thread.</summary>
    string? ReadFailure => null;

    /// <summary>Creates the topics that are missing and checks the others; a log that keeps stores beside its topics passes over changelogs.</summary>
    /// <exception cref="Kernel.Failures.UserMistakeException">A topic exists with another number of partitions.</exception>
    void EnsureTopics(IReadOnlyCollection<TopicSpec> topics);

    /// <summary>Partitions of a topic that exists.</summary>
    /// <exception cref="Kernel.Failures.UserMistakeException">There is no such topic.</exception>
    int Partitions(string topic);

    /// <summary>The client of one stream thread: a member of the group <paramref name="group"/>.</summary>
    ILogClient OpenClient(string group, string member);

    /// <summary>
    /// Everything whose commit anybody can know of at the call lies below; a position that has reached it has seen all of that. Exact, so it may ask a server
    /// (on Kafka the high watermark, open transactions included): not for every record or round.
    /// </summary>
    long EndOffset(TopicPartition partition);

    /// <summary>The same of several, in their order, with as few questions as there can be.</summary>
    IReadOnlyList<long> EndOffsets(IReadOnlyList<TopicPartition> partitions) => [.. partitions.Select(EndOffset)];

    /// <summary>The end as far as this process knows it without asking: never above <see cref="EndOffset"/>, on Kafka as of the last fetch. Costs nothing.</summary>
    long KnownEnd(TopicPartition partition) => EndOffset(partition);

    /// <summary>Tells the <see cref="KnownEnd"/> of a partition that exists, again and again, without looking for the partition each time.</summary>
    Func<long> KnownEndOf(TopicPartition partition) => () => KnownEnd(partition);

    /// <summary>
    /// Tells a number that has changed whenever the <see cref="KnownEnd"/> of one of these partitions has moved: one look instead of one at each. Null where the log has none. Whoever sees what was
    /// published behind a record of them sees the change.
    /// </summary>
    Func<long>? MovesOf(IReadOnlyCollection<TopicPartition> partitions) => null;

    /// <summary>The same where somebody in this process reads the partition; null where nobody does. Asks nobody, and never fails: for whoever only looks, from any thread.</summary>
    long? SeenEnd(TopicPartition partition) => KnownEnd(partition);

    /// <summary>The next offset that <paramref name="group"/> will read of the partition; 0 (or the first kept) before its first commit.</summary>
    long CommittedPosition(string group, TopicPartition partition);

    /// <summary>The value of <see cref="LogCommit.Metadata"/> that was committed last under the name; null for none. Safe from any thread.</summary>
    byte[]? ReadMetadata(string name);

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

    /// <summary>
    /// Reads all partitions of the topics and shares them with nobody: how every instance follows the topics of its global stores. Where it stands belongs to the
    /// instance, is moved by its commits and kept with its stores, apart from any group's positions.
    /// </summary>
    void Follow(IReadOnlyCollection<string> topics);

    /// <summary>Reads partitions from the given offsets on, without being a group's member and without committing how far.</summary>
    void Assign(IReadOnlyCollection<(TopicPartition Partition, long Offset)> positions);

    /// <summary>
    /// Fetches committed records of the owned, not paused partitions. Assignment changes are told to the listener from in here.
    /// Returns at once when there is something, else after <paramref name="timeout"/> or <see cref="Wake"/>.
    /// </summary>
    /// <remarks>May be called while a commit is begun and not finished: what is read then is processed after <see cref="FinishCommit"/>.</remarks>
    /// <param name="into">Cleared first, then filled with batches; valid until the next poll.</param>
    void Poll(FetchedRecords into, TimeSpan timeout);

    void Pause(TopicPartition partition);

    void Resume(TopicPartition partition);

    /// <summary>
    /// Positions that did not move say nothing to this log: a member that was replaced is known by other means. Default false: a commit carries them all.
    /// </summary>
    bool CommitsMovedPositionsOnly => false;

    /// <summary>What was committed of the partition last by whom this client reads for (its group, or the following instance), or where the log begins.</summary>
    long CommittedPosition(TopicPartition partition);

    /// <summary>
    /// Takes records of the next commit before it, so that they are on their way when it comes: nobody reads them before that. False where a log gains nothing by
    /// it and has taken nothing. Not while a commit is begun.
    /// </summary>
    /// <param name="outputs">Only its <see cref="LogCommit.Outputs"/>; not kept.</param>
    /// <exception cref="TransactionAbortedException">The tasks' uncommitted state is to be dropped and read anew.</exception>
    bool WriteAhead(LogCommit outputs) => false;

    /// <summary>
    /// Begins to make all of it durable and visible, or nothing. True when that is done already, and it survives kill -9 and power loss; false when
    /// <see cref="FinishCommit"/> is to wait for it, until when <paramref name="commit"/> and what it refers to must not change.
    /// </summary>
    /// <remarks>
    /// A member's commit carries its positions, whether they moved or not (but for <see cref="CommitsMovedPositionsOnly"/>): they say which assignment it was made under, so that one who was replaced without
    /// knowing can commit nothing, not even what only a punctuation wrote.
    /// </remarks>
    /// <exception cref="TransactionAbortedException">Nothing of it happened; the tasks' uncommitted state is to be dropped and read anew.</exception>
    bool BeginCommit(LogCommit commit);

    /// <summary>Waits for the commit that was begun; after one that was done at once it does nothing.</summary>
    /// <exception cref="TransactionAbortedException">Nothing of it happened; the tasks' uncommitted state is to be dropped and read anew.</exception>
    void FinishCommit();

    /// <summary>Begins a commit and waits for it.</summary>
    /// <exception cref="TransactionAbortedException">Nothing of it happened; the tasks' uncommitted state is to be dropped and read anew.</exception>
    void Commit(LogCommit commit)
    {
        if (!BeginCommit(commit))
        {
            FinishCommit();
        }
    }

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
public class TransactionAbortedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The client was replaced: what it owned belongs to others, and it can do nothing any more but be disposed. A new one may join.</summary>
public sealed class ClientFencedException(string message, Exception? inner = null) : TransactionAbortedException(message, inner);
