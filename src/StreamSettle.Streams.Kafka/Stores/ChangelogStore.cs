using StreamSettle.Streams.Kafka.Reading;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Kafka.Stores;

/// <summary>
/// A task's store: the copy of this instance, brought up to the end of the changelog before the task runs. The end is the high watermark at the opening, so a
/// transaction that a dead owner left open is waited for.
/// </summary>
internal sealed class ChangelogStore : IStoreBase
{
    readonly KafkaParts parts;
    readonly StoreSpec store;
    readonly TaskId task;
    readonly ChangelogCopy changelog;
    readonly IStoreBase content;
    readonly Func<RecordReader> reader;
    readonly Func<TopicPartition, long> endOf;
    RestoreState state = RestoreState.NotBegun;
    bool isTaken;
    long end;
    long began;

    public ChangelogStore(KafkaParts parts, StoreSpec store, TaskId task, Func<RecordReader> reader, Func<TopicPartition, long> endOf)
    {
        this.parts = parts;
        this.store = store;
        this.task = task;
        this.reader = reader;
        this.endOf = endOf;
        changelog = new(parts.Copy, store, store.PartitionOf(task), parts.Options.ApplicationId);
        content = parts.Copy.Read(store, task);
    }

    /// <summary>Told once, when the store is given back.</summary>
    public Action? OnClosed { get; init; }

    /// <summary>Asked when the store is given back: whether all that was handed over is decided, and known to be.</summary>
    public Func<bool> IsDecided { get; init; } = () => false;

    public StoreRestore Restored => new(changelog.Next - changelog.Start, Math.Max(0, Volatile.Read(ref end) - changelog.Start));

    public bool RestoreMore()
    {
        switch (state)
        {
            case RestoreState.Done:
                return false;
            case RestoreState.NotBegun:
                Begin();
                return state != RestoreState.Done;
            default:
                changelog.Write();
                if (changelog.Next >= end)
                {
                    End();
                }

                return state != RestoreState.Done;
        }
    }

    public bool TryGet(scoped ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value) => content.TryGet(key, out value);

    public StoreScan Scan(scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> to, bool reverse = false) => content.Scan(from, to, reverse);

    public void Dispose()
    {
        if (state == RestoreState.Reading)
        {
            reader().Remove([changelog.Changelog]);
        }

        if (state == RestoreState.Done)
        {
            Touch();
        }

        if (isTaken)
        {
            isTaken = false;
            parts.Owners.Return(changelog.Changelog);
            OnClosed?.Invoke();
        }

        content.Dispose();
    }

    void Begin()
    {
        if (!isTaken && !(isTaken = parts.Owners.TryTake(changelog.Changelog)))
        {
            return;
        }

        Volatile.Write(ref end, endOf(changelog.Changelog));
        var from = changelog.Begin(end);
        if (changelog.Next >= end)
        {
            state = RestoreState.Done;
            return;
        }

        began = parts.Time.GetTimestamp();
        state = RestoreState.Reading;
        reader().Add(changelog.Changelog, from, changelog);
        parts.Logger.Restoring(task, store.Name, end - changelog.Start);
    }

    void Touch()
    {
        try
        {
            parts.Copy.Touch(changelog.Changelog, IsDecided());
        }
        catch (TransactionAbortedException)
        {
            // A disk that takes nothing: the copy looks older than it is, and is made anew the sooner.
        }
    }

    void End()
    {
        reader().Remove([changelog.Changelog]);
        state = RestoreState.Done;
        changelog.WritePosition();
        parts.Logger.Restored(task, store.Name, changelog.Restored, (long)parts.Time.GetElapsedTime(began).TotalMilliseconds);
    }

    enum RestoreState
    {
        NotBegun,
        Reading,
        Done,
    }
}
