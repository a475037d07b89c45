using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Processors;

/// <summary>What a processor sees of its task. Used on the task's thread only, but for <see cref="Mailbox{T}.Post"/>.</summary>
public abstract class ProcessorContext
{
    public abstract TaskId Task { get; }

    /// <summary>Highest record timestamp the task has seen, ms; <see cref="long.MinValue"/> before the first.</summary>
    public abstract long StreamTimeMs { get; }

    /// <summary>The wall clock of the runtime's <see cref="TimeProvider"/>: for what others must understand. It may be set, either way.</summary>
    public abstract UtcInstant SystemTime { get; }

    /// <summary>Its monotonic clock: for waits, windows and whatever else is a length of time.</summary>
    public abstract MonotonicInstant MonotonicTime { get; }

    /// <summary>Where the record in process came from; of a punctuation or mailbox message: the task's partition and no topic.</summary>
    public abstract RecordMetadata Metadata { get; }

    /// <summary>Everything below is processed from <paramref name="topic"/> in the task's own partition, or is no record: it moves over gaps.</summary>
    public abstract long Position(string topic);

    /// <summary>
    /// The end of <paramref name="topic"/> in the task's partition: a <see cref="Position"/> that has reached it has seen all that anybody can know of now. May
    /// ask a server: for decisions, not for every record or punctuation.
    /// </summary>
    public abstract long EndOffset(string topic);

    /// <summary>A store that the topology connected to this processor.</summary>
    public abstract IKeyValueStore Store(string name);

    /// <summary>A global store: every instance has all of it; as of the last commit of its topic.</summary>
    public abstract IReadOnlyKeyValueStore GlobalStore(string name);

    /// <summary>The edge to a sink or child processor of that name; to be taken in <c>Init</c> and kept.</summary>
    public abstract Output<TKey, TValue> Output<TKey, TValue>(string name)
        where TKey : allows ref struct
        where TValue : allows ref struct;

    /// <summary>
    /// Calls <paramref name="punctuator"/> with the time in microseconds since the epoch, by Kafka Streams' rules for the type, with two differences: a wall clock that
    /// is set does not move when it is called, and its first call comes at the next multiple of the interval, so that one wake-up and one commit serve all tasks of a thread.
    /// </summary>
    /// <param name="phase">How much later than the multiples of the interval. Default 0.</param>
    /// <returns>Dispose to cancel.</returns>
    public abstract IPunctuation Schedule(TimeSpan interval, PunctuationType type, Action<UtcInstant> punctuator, TimeSpan phase = default);

    /// <summary>A way for other threads to hand messages to this task; each runs <paramref name="handler"/> on the task's thread inside its next transaction.</summary>
    public abstract Mailbox<T> Mailbox<T>(Action<T> handler);

    /// <summary>Asks for a commit as soon as the record, punctuation or message in process is done.</summary>
    public abstract void RequestCommit();

    /// <summary>
    /// Somebody waits for the next commit: it comes when there is nothing more to read, or after <c>CommitInterval</c>, and gathers no longer for
    /// <see cref="Runtime.ThreadGroup.CommitLinger"/>.
    /// </summary>
    public abstract void HurryCommit();
}
