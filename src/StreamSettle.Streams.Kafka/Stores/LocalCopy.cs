using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.RocksDb;
using StreamSettle.Streams.RocksDb.Stores;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Kafka.Stores;

/// <summary>
/// This instance's copy of its stores, and how far each follows its changelog (or a global store its topic). Both are written in one batch, so the copy never holds
/// more than it says; it is written after the transaction, so it never holds what was aborted. It may hold less: the rest is replayed.
/// </summary>
internal sealed class LocalCopy : IDisposable
{
    const string StorePrefixName = "store.";
    const string Meta = "meta";
    const string Positions = "positions";
    static readonly byte[] IdentityKey = "identity"u8.ToArray();

    readonly Database database;
    readonly ColumnFamily positions;
    readonly TimeProvider time;
    readonly TimeSpan ageMax;
    readonly ConcurrentDictionary<TopicPartition, CopyPosition> known = new();

    /// <summary>Of changelogs that a producer writes whose markers come late; others have none.</summary>
    readonly ConcurrentDictionary<TopicPartition, int> markersBehind = new();

    bool hasFollowed;

    LocalCopy(Database database, TimeProvider time, TimeSpan ageMax)
    {
        this.database = database;
        this.time = time;
        this.ageMax = ageMax;
        positions = database.Family(Positions, FamilyUse.Small);
    }

    public Database Database => database;

    /// <summary>Opens the copy; one that is damaged is made anew, because the changelogs have all of it.</summary>
    /// <exception cref="UserMistakeException">Somebody has it open, or it belongs to another log.</exception>
    public static LocalCopy Open(KafkaLogOptions options, Guid identity, TimeProvider time, ILogger logger)
    {
        Database database;
        try
        {
            database = OpenOrMakeAnew(options, logger);
        }
        catch (DatabaseLockedException locked)
        {
            throw new UserMistakeException($"the state directory {options.Directory} is in use by another process: give each instance a StateDirectory of its own", locked);
        }

        try
        {
            CheckOwner(database, options, identity);
            return new(database, time, options.CopyAgeMax);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public ColumnFamily OfStore(StoreSpec store) => database.Family(StorePrefixName + store.Name, FamilyUse.Store);

    public IStoreBase Read(StoreSpec store, TaskId task) => new RocksStore(database, OfStore(store), store.PartitionOf(task));

    public IReadOnlyKeyValueStore View(StoreSpec store, int partition) => new RocksCommittedView(database, OfStore(store), store.Global ? 0 : partition);

    /// <summary>The next offset that is not in the copy; 0 for an empty copy.</summary>
    public long PositionOf(TopicPartition partition) => known.GetOrAdd(partition, Load).Next;

    /// <summary>
    /// Offsets from <see cref="PositionOf"/> on that are taken by markers of the last commit, though records of the next one may come before them. What follows that commit counts them; a copy that is opened
    /// again does not know of them, and reads them.
    /// </summary>
    public int MarkersBehind(TopicPartition partition) => markersBehind.GetValueOrDefault(partition);

    /// <summary>Somebody else may write next, or has written.</summary>
    public void ForgetMarkersBehind(TopicPartition partition) => markersBehind.TryRemove(partition, out _);

    /// <summary>Nobody has followed the partition for so long that a deletion may have no trace left in it: the copy has to be made anew.</summary>
    public bool IsTooOld(TopicPartition partition) => UtcInstant.Now(time) - known.GetOrAdd(partition, Load).WrittenAt > ageMax;

    /// <summary>Says that the partition was followed until now.</summary>
    /// <param name="isLast">All that was written to it is decided, and whoever has it hands over nothing more: what comes next comes behind the last markers.</param>
    public void Touch(TopicPartition partition, bool isLast)
    {
        var batch = new WriteBatch();
        var next = PositionOf(partition) + (isLast ? MarkersBehind(partition) : 0);
        AddPosition(batch, partition, next);
        Write(batch, [(partition, next)]);
    }

    /// <summary>Adds to a batch how far the copy follows with it.</summary>
    public void AddPosition(WriteBatch batch, TopicPartition partition, long next) =>
        batch.Put(positions, CopyPosition.KeyOf(partition), new CopyPosition(next, UtcInstant.Now(time)).Encode());

    /// <summary>Writes what was committed. A power cut may take it again: the changelog has it.</summary>
    /// <param name="markersBehind">Of each, <see cref="MarkersBehind"/> from now on.</param>
    /// <exception cref="TransactionAbortedException">The disk failed or is full: what was committed is brought in once it takes writes again.</exception>
    public void Write(WriteBatch batch, IEnumerable<(TopicPartition Partition, long Next)> moved, int markersBehind = 0)
    {
        try
        {
            database.Write(batch, sync: false);
        }
        catch (EnvironmentFailedException failed)
        {
            throw new TransactionAbortedException($"the copy of the stores in {database.Directory} does not take what was committed: {failed.Message}", failed);
        }

        foreach (var (partition, next) in moved)
        {
            known[partition] = new(next, UtcInstant.Now(time));
            SetMarkersBehind(partition, markersBehind);
        }
    }

    /// <summary>Writes what a follower has done: store changes and how far it has followed.</summary>
    public void Write(LogCommit commit)
    {
        var batch = new WriteBatch();
        foreach (var (store, task, changes) in commit.Stores)
        {
            var (family, prefix, end) = (OfStore(store), StorePrefix.Of(store.PartitionOf(task)), StorePrefix.Of(store.PartitionOf(task) + 1));
            changes.VisitRanges((from, to) => batch.DeleteRange(family, prefix, from, to.IsEmpty ? end : prefix, to));
            changes.Visit((key, value, deleted) => Add(batch, family, prefix, key, value, deleted));
        }

        foreach (var (partition, next) in commit.Positions)
        {
            AddPosition(batch, partition, next);
        }

        Write(batch, commit.Positions.Select(position => (position.Partition, position.NextOffset)));
    }

    /// <summary>Whether followed topics have to be read anew, because one of them was left alone for too long before this process began.</summary>
    public bool FollowsAnew(IReadOnlyCollection<TopicPartition> followed)
    {
        if (hasFollowed)
        {
            return false;
        }

        hasFollowed = true;
        return followed.Any(IsTooOld);
    }

    /// <summary>Forgets one task's store, to be filled anew.</summary>
    public void Clear(StoreSpec store, TaskId task) => Clear(store, store.PartitionOf(task), new WriteBatch(), []);

    /// <summary>The same, and that it follows its changelog at all.</summary>
    public void Clear(StoreSpec store, int partition, TopicPartition changelog)
    {
        var batch = new WriteBatch();
        AddPosition(batch, changelog, 0);
        Clear(store, partition, batch, [(changelog, 0)]);
    }

    /// <summary>Parts of stores that nobody has written for so long.</summary>
    public List<(StoreSpec Store, TopicPartition Changelog)> Abandoned(string applicationId, TimeSpan age)
    {
        var found = new List<(StoreSpec, TopicPartition)>();
        using var entries = database.Iterate(positions, default, default);
        for (var any = entries.SeekToFirst(); any; any = entries.Next())
        {
            var (partition, position) = (CopyPosition.PartitionOf(entries.Key), CopyPosition.Decode(entries.Value));
            if (position.Next > 0 && UtcInstant.Now(time) - position.WrittenAt > age && StoreSpec.OfChangelog(partition.Topic, applicationId) is { } store)
            {
                found.Add((store, partition));
            }
        }

        return found;
    }

    public void Dispose()
    {
        try
        {
            database.Flush();
        }
        catch (EnvironmentFailedException)
        {
            // The next start replays a little more.
        }

        database.Dispose();
    }

    void SetMarkersBehind(TopicPartition partition, int count)
    {
        if (count > 0)
        {
            markersBehind[partition] = count;
        }
        else if (!markersBehind.IsEmpty)
        {
            markersBehind.TryRemove(partition, out _);
        }
    }

    static void Add(WriteBatch batch, ColumnFamily family, byte[] prefix, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool deleted)
    {
        if (deleted)
        {
            batch.Delete(family, prefix, key);
        }
        else
        {
            batch.Put(family, prefix, key, default, value);
        }
    }

    void Clear(StoreSpec store, int partition, WriteBatch batch, IEnumerable<(TopicPartition Partition, long Next)> moved)
    {
        batch.DeleteRange(OfStore(store), StorePrefix.Of(partition), default, StorePrefix.Of(partition + 1), default);
        Write(batch, moved);
    }

    static Database OpenOrMakeAnew(KafkaLogOptions options, ILogger logger)
    {
        try
        {
            return OpenDatabase(options);
        }
        catch (CorruptStateException damaged)
        {
            logger.CopyIsDamaged(options.Directory, damaged.Message);
            Directory.Delete(options.Directory, recursive: true);
            return OpenDatabase(options);
        }
    }

    static Database OpenDatabase(KafkaLogOptions options) =>
        Database.Open(options.Directory, options.Database, name => name is Meta or Positions ? FamilyUse.Small : FamilyUse.Store);

    static void CheckOwner(Database database, KafkaLogOptions options, Guid identity)
    {
        var meta = database.Family(Meta, FamilyUse.Small);
        var buffer = new byte[16];
        var length = database.Get(meta, IdentityKey, ref buffer);
        if (length < 0)
        {
            var batch = new WriteBatch();
            batch.Put(meta, IdentityKey, identity.ToByteArray(bigEndian: true));
            database.Write(batch, sync: true);
        }
        else if (new Guid(buffer.AsSpan(0, length), bigEndian: true) is var owner && owner != identity)
        {
            throw new UserMistakeException(
                $"the state directory {options.Directory} holds stores of the log {owner}, but the brokers at {options.BootstrapServers} and the application '{options.ApplicationId}' are the log {identity}: "
                + "another cluster or application. Name its own directory; an empty one is filled from the changelogs");
        }
    }

    CopyPosition Load(TopicPartition partition)
    {
        var buffer = new byte[CopyPosition.Size];
        var length = database.Get(positions, CopyPosition.KeyOf(partition), ref buffer);
        return length < 0 ? new(0, UtcInstant.Now(time)) : CopyPosition.Decode(buffer.AsSpan(0, length));
    }
}
