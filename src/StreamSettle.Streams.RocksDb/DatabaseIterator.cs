using System.Runtime.InteropServices;
using StreamSettle.Streams.RocksDb.Native;

namespace StreamSettle.Streams.RocksDb;

/// <summary>Walks a column family's entries in key order, as they were when it was made. Used by one thread; spans are valid until the next move.</summary>
public sealed unsafe class DatabaseIterator : IDisposable
{
    readonly Database database;
    readonly ColumnFamily family;
    readonly nint readOptions;
    readonly byte* bounds;
    nint iterator;

    internal DatabaseIterator(Database database, ColumnFamily family, scoped ReadOnlySpan<byte> lower, scoped ReadOnlySpan<byte> upper)
    {
        this.database = database;
        this.family = family;
        readOptions = IteratorCalls.rocksdb_readoptions_create();
        IteratorCalls.rocksdb_readoptions_set_total_order_seek(readOptions, 1);

        // RocksDB keeps pointers to the bounds, so they live outside of the collector's heap as long as the iterator does.
        bounds = (byte*)NativeMemory.Alloc((nuint)(lower.Length + upper.Length + 1));
        lower.CopyTo(new Span<byte>(bounds, lower.Length));
        upper.CopyTo(new Span<byte>(bounds + lower.Length, upper.Length));
        if (!lower.IsEmpty)
        {
            IteratorCalls.rocksdb_readoptions_set_iterate_lower_bound(readOptions, bounds, (nuint)lower.Length);
        }

        if (!upper.IsEmpty)
        {
            IteratorCalls.rocksdb_readoptions_set_iterate_upper_bound(readOptions, bounds + lower.Length, (nuint)upper.Length);
        }

        iterator = IteratorCalls.rocksdb_create_iterator_cf(database.Handle, readOptions, family.Handle);
    }

    public ReadOnlySpan<byte> Key
    {
        get
        {
            nuint length = 0;
            var start = IteratorCalls.rocksdb_iter_key(iterator, &length);
            return new ReadOnlySpan<byte>(start, checked((int)length));
        }
    }

    public ReadOnlySpan<byte> Value
    {
        get
        {
            nuint length = 0;
            var start = IteratorCalls.rocksdb_iter_value(iterator, &length);
            return new ReadOnlySpan<byte>(start, checked((int)length));
        }
    }

    /// <summary>Goes to the first entry at or after <paramref name="key"/>; false where there is none.</summary>
    public bool Seek(scoped ReadOnlySpan<byte> key)
    {
        fixed (byte* start = key)
        {
            IteratorCalls.rocksdb_iter_seek(iterator, start, (nuint)key.Length);
        }

        return IsValid();
    }

    /// <summary>Goes to the last entry at or before <paramref name="key"/>; false where there is none.</summary>
    public bool SeekForPrev(scoped ReadOnlySpan<byte> key)
    {
        fixed (byte* start = key)
        {
            IteratorCalls.rocksdb_iter_seek_for_prev(iterator, start, (nuint)key.Length);
        }

        return IsValid();
    }

    public bool SeekToFirst()
    {
        IteratorCalls.rocksdb_iter_seek_to_first(iterator);
        return IsValid();
    }

    public bool SeekToLast()
    {
        IteratorCalls.rocksdb_iter_seek_to_last(iterator);
        return IsValid();
    }

    public bool Next()
    {
        IteratorCalls.rocksdb_iter_next(iterator);
        return IsValid();
    }

    public bool Previous()
    {
        IteratorCalls.rocksdb_iter_prev(iterator);
        return IsValid();
    }

    public void Dispose()
    {
        if (iterator == 0)
        {
            return;
        }

        IteratorCalls.rocksdb_iter_destroy(iterator);
        IteratorCalls.rocksdb_readoptions_destroy(readOptions);
        NativeMemory.Free(bounds);
        iterator = 0;
    }

    bool IsValid()
    {
        if (IteratorCalls.rocksdb_iter_valid(iterator) != 0)
        {
            return true;
        }

        byte* error = null;
        IteratorCalls.rocksdb_iter_get_error(iterator, &error);
        RocksFailure.ThrowIf(error, database.Directory, "scanning", family.Name);
        return false;
    }
}
