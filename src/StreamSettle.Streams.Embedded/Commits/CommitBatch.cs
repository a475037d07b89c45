using StreamSettle.Kernel.Bytes;
using StreamSettle.Streams.Embedded.Directories;
using StreamSettle.Streams.Embedded.Groups;
using StreamSettle.Streams.Embedded.Topics;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.RocksDb;
using StreamSettle.Streams.RocksDb.Stores;

namespace StreamSettle.Streams.Embedded.Commits;

/// <summary>
/// One commit as one write batch, built by its client before the commit lock is taken; only the offsets of its outputs are filled in under it. Reused.
/// </summary>
internal sealed class CommitBatch(LogFamilies families, TopicCatalogue topics, ConsumerGroups groups)
{
    /// <summary>Records are stored in pieces of about this size, bytes, so that reading from inside of a batch stays cheap.</summary>
    const int MaxPieceBytes = 256 << 10;

    readonly List<Append> appends = [];
    readonly List<Piece> pieces = [];
    readonly List<(PartitionLog Partition, long Next)> positions = [];
    readonly ByteBuffer head = new(16);
    StoreChangeVisitor? addChange;
    StoreRangeVisitor? addRange;
    ColumnFamily? storeFamily;
    byte[] storePrefix = [];
    byte[] storeEnd = [];

    public WriteBatch Batch { get; } = new();

    public IReadOnlyList<(PartitionLog Partition, long Next)> Positions => positions;

    public void Fill(LogCommit commit, ConsumerGroup group)
    {
        Clear();
        foreach (var (store, task, changes) in commit.Stores)
        {
            storeFamily = families.OfStore(store);
            storePrefix = StorePrefix.Of(store.PartitionOf(task));
            storeEnd = StorePrefix.Of(store.PartitionOf(task) + 1);
            changes.VisitRanges(addRange ??= AddRange);
            changes.Visit(addChange ??= AddChange);
        }

        foreach (var (partition, next) in commit.Positions)
        {
            var log = topics.Find(partition);
            if (!group.TryGetPosition(log, out var committed) || committed != next)
            {
                groups.Put(Batch, group, log, next);
                positions.Add((log, next));
            }
        }

        foreach (var (name, value) in commit.Metadata)
        {
            Batch.Put(families.Meta, DirectoryMeta.UserKey(name), value);
        }

        foreach (var (partition, batch) in commit.Outputs)
        {
            AddOutput(topics.Find(partition), batch);
        }
    }

    /// <summary>Gives the outputs their offsets; under the commit lock.</summary>
    public void AssignOffsets()
    {
        var piece = 0;
        foreach (var append in appends)
        {
            var start = append.Partition.Reserve(append.Count);
            for (var end = piece + append.Pieces; piece < end; piece++)
            {
                append.Partition.WriteKey(Batch.KeyAt(pieces[piece].KeyAt, LogKey.Size), start + pieces[piece].FirstRecord);
            }
        }
    }

    /// <summary>The batch is durable; under the commit lock.</summary>
    public void Publish(ConsumerGroup group)
    {
        foreach (var append in appends)
        {
            append.Partition.Publish(append.Bytes);
        }

        foreach (var (partition, next) in positions)
        {
            group.SetPosition(partition, next);
        }
    }

    /// <summary>What was published may be read; outside of the commit lock.</summary>
    /// <param name="committer">Is not told.</param>
    public void TellReaders(WakeSignal committer)
    {
        foreach (var append in appends)
        {
            append.Partition.Readers.Tell(committer);
        }
    }

    /// <summary>The batch was not written; under the commit lock.</summary>
    public void Cancel()
    {
        foreach (var append in appends)
        {
            append.Partition.Cancel();
        }
    }

    void Clear()
    {
        Batch.Clear();
        appends.Clear();
        pieces.Clear();
        positions.Clear();
    }

    void AddChange(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool deleted)
    {
        if (deleted)
        {
            Batch.Delete(storeFamily!, storePrefix, key);
        }
        else
        {
            Batch.Put(storeFamily!, storePrefix, key, default, value);
        }
    }

    void AddRange(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to) =>
        Batch.DeleteRange(storeFamily!, storePrefix, from, to.IsEmpty ? storeEnd : storePrefix, to);

    void AddOutput(PartitionLog partition, RecordBatch batch)
    {
        if (batch.Count == 0)
        {
            return;
        }

        Span<byte> key = stackalloc byte[LogKey.Size];
        var firstPiece = pieces.Count;
        var rest = batch.Bytes;
        for (var done = 0; done < batch.Count;)
        {
            var count = batch.Count - done;
            var length = rest.Length <= MaxPieceBytes ? rest.Length : StoredBatch.Measure(rest, count, MaxPieceBytes, out count);
            head.Clear();
            new ByteWriter(head).VarUInt64((ulong)count);
            pieces.Add(new Piece(Batch.Put(families.Log, default, key, head.Written, rest[..length]), done));
            rest = rest[length..];
            done += count;
        }

        appends.Add(new Append(partition, batch.Count, batch.Bytes.Length, pieces.Count - firstPiece));
    }

    readonly record struct Append(PartitionLog Partition, int Count, int Bytes, int Pieces);

    readonly record struct Piece(int KeyAt, int FirstRecord);
}
