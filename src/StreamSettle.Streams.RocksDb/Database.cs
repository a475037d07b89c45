using StreamSettle.Streams.RocksDb.Native;

namespace StreamSettle.Streams.RocksDb;

/// <summary>
/// One RocksDB database: named key spaces, reads without allocation, atomic write batches. Thread-safe, but for <see cref="Dispose"/>:
/// whoever may read while the database closes goes through <see cref="TryEnter"/>.
/// </summary>
public sealed unsafe class Database : IDisposable
{
    readonly Lock familiesGate = new();
    readonly Dictionary<string, ColumnFamily> families = new(StringComparer.Ordinal);
    readonly OpenOptions options;
    readonly nint readOptions;
    readonly nint lazyWrite;
    readonly nint syncedWrite;
    nint handle;
    int guests;
    volatile bool closing;

    internal Database(string directory, nint handle, OpenOptions options, IEnumerable<ColumnFamily> opened)
    {
        Directory = directory;
        this.handle = handle;
        this.options = options;
        foreach (var family in opened)
        {
            families.Add(family.Name, family);
        }

        readOptions = IteratorCalls.rocksdb_readoptions_create();
        lazyWrite = DatabaseCalls.rocksdb_writeoptions_create();
        syncedWrite = DatabaseCalls.rocksdb_writeoptions_create();
        DatabaseCalls.rocksdb_writeoptions_set_sync(syncedWrite, 1);
    }

    public string Directory { get; }

    internal nint Handle => closing ? throw new ObjectDisposedException(nameof(Database)) : handle;

    /// <summary>Opens or creates the database with all column families it has; <paramref name="useOf"/> says how those are used.</summary>
    /// <exception cref="DatabaseLockedException">Someone has it open.</exception>
    /// <exception cref="Kernel.Failures.CorruptStateException">It is damaged.</exception>
    /// <exception cref="Kernel.Failures.EnvironmentFailedException">The disk failed or is full.</exception>
    public static Database Open(string directory, DatabaseOptions options, Func<string, FamilyUse> useOf) => DatabaseOpening.Open(directory, options, useOf);

    /// <summary>Opens a database that is there, takes no lock and changes nothing; what is only in its write-ahead log is seen too.</summary>
    /// <exception cref="Kernel.Failures.CorruptStateException">It is damaged.</exception>
    /// <exception cref="Kernel.Failures.EnvironmentFailedException">The disk failed, or the files went away while they were read.</exception>
    public static Database OpenReadOnly(string directory, DatabaseOptions options, Func<string, FamilyUse> useOf) => DatabaseOpening.OpenReadOnly(directory, options, useOf);

    /// <summary>The column family of that name, created if it is not there.</summary>
    public ColumnFamily Family(string name, FamilyUse use)
    {
        lock (familiesGate)
        {
            if (!families.TryGetValue(name, out var family))
            {
                family = Create(name, use);
                families.Add(name, family);
            }

            return family;
        }
    }

    /// <summary>Names of all column families but RocksDB's own default.</summary>
    public IReadOnlyCollection<string> FamilyNames
    {
        get
        {
            lock (familiesGate)
            {
                return [.. families.Keys.Where(name => name != DatabaseOpening.DefaultFamily)];
            }
        }
    }

    /// <summary>Copies the value of <paramref name="key"/> to the start of <paramref name="buffer"/>, which grows as needed.</summary>
    /// <returns>The value's length, or -1 where there is none.</returns>
    public int Get(ColumnFamily family, scoped ReadOnlySpan<byte> key, ref byte[] buffer)
    {
        while (true)
        {
            nuint length = 0;
            byte found = 0;
            byte* error = null;
            byte fits;
            fixed (byte* keyStart = key, bufferStart = buffer)
            {
                fits = DatabaseCalls.rocksdb_get_into_buffer_cf(
                    Handle, readOptions, family.Handle, keyStart, (nuint)key.Length, bufferStart, (nuint)buffer.Length, &length, &found, &error);
            }

            RocksFailure.ThrowIf(error, Directory, "reading", family.Name);
            if (found == 0)
            {
                return -1;
            }

            if (fits != 0)
            {
                return checked((int)length);
            }

            buffer = new byte[Math.Max((int)length, buffer.Length * 2)];
        }
    }

    /// <summary>Applies the batch wholly or not at all; with <paramref name="sync"/> it survives power loss when this returns.</summary>
    /// <exception cref="Kernel.Failures.EnvironmentFailedException">Nothing was applied: the disk failed or is full.</exception>
    public void Write(WriteBatch batch, bool sync)
    {
        byte* error = null;
        var bytes = batch.Encoded;
        fixed (byte* start = bytes)
        {
            var native = DatabaseCalls.rocksdb_writebatch_create_from(start, (nuint)bytes.Length);
            DatabaseCalls.rocksdb_write(Handle, sync ? syncedWrite : lazyWrite, native, &error);
            DatabaseCalls.rocksdb_writebatch_destroy(native);
        }

        RocksFailure.ThrowIf(error, Directory, "writing");
    }

    /// <summary>Entries from <paramref name="lower"/> (inclusive) to <paramref name="upper"/> (exclusive; empty for no bound) as of now. Dispose it before the database.</summary>
    public DatabaseIterator Iterate(ColumnFamily family, scoped ReadOnlySpan<byte> lower, scoped ReadOnlySpan<byte> upper) => new(this, family, lower, upper);

    /// <summary>Keeps the database open until <see cref="Exit"/>; false when it is closing.</summary>
    public bool TryEnter()
    {
        Interlocked.Increment(ref guests);
        if (!closing)
        {
            return true;
        }

        Exit();
        return false;
    }

    public void Exit() => Interlocked.Decrement(ref guests);

    /// <summary>One of RocksDB's integer properties, such as <c>rocksdb.estimate-num-keys</c>; 0 where it does not know it.</summary>
    public long Property(ColumnFamily family, string name)
    {
        ulong value = 0;
        using var text = new NativeText(name);
        return DatabaseCalls.rocksdb_property_int_cf(Handle, family.Handle, text.Start, &value) == 0 ? (long)value : 0;
    }

    /// <summary>Writes all memtables to files, so that the next open has nothing to replay.</summary>
    public void Flush()
    {
        nint[] handles;
        lock (familiesGate)
        {
            handles = [.. families.Values.Select(family => family.Handle)];
        }

        byte* error = null;
        var flush = DatabaseCalls.rocksdb_flushoptions_create();
        fixed (nint* first = handles)
        {
            DatabaseCalls.rocksdb_flush_cfs(Handle, flush, first, handles.Length, &error);
        }

        DatabaseCalls.rocksdb_flushoptions_destroy(flush);
        RocksFailure.ThrowIf(error, Directory, "flushing");
    }

    /// <summary>Waits for the readers that entered, then closes. What was written is kept; callers that want a quick next open flush before.</summary>
    public void Dispose()
    {
        if (closing)
        {
            return;
        }

        closing = true;
        SpinWait.SpinUntil(() => Volatile.Read(ref guests) == 0);
        DatabaseCalls.rocksdb_cancel_all_background_work(handle, 1);
        foreach (var family in families.Values)
        {
            DatabaseCalls.rocksdb_column_family_handle_destroy(family.Handle);
        }

        DatabaseCalls.rocksdb_close(handle);
        handle = 0;
        IteratorCalls.rocksdb_readoptions_destroy(readOptions);
        DatabaseCalls.rocksdb_writeoptions_destroy(lazyWrite);
        DatabaseCalls.rocksdb_writeoptions_destroy(syncedWrite);
        options.Dispose();
    }

    ColumnFamily Create(string name, FamilyUse use)
    {
        byte* error = null;
        using var text = new NativeText(name);
        var familyOptions = FamilyTuning.Create(use, options.Limits, options.Cache);
        var family = DatabaseCalls.rocksdb_create_column_family(Handle, familyOptions, text.Start, &error);
        OptionCalls.rocksdb_options_destroy(familyOptions);
        RocksFailure.ThrowIf(error, Directory, "creating", name);
        return new ColumnFamily(name, family, DatabaseCalls.rocksdb_column_family_handle_get_id(family));
    }
}
