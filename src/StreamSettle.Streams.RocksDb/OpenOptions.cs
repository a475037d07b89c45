using StreamSettle.Streams.RocksDb.Native;

namespace StreamSettle.Streams.RocksDb;

/// <summary>The native options of an open database, and the cache and buffer accounts that its column families share.</summary>
internal sealed class OpenOptions : IDisposable
{
    const int WarningLevel = 2;
    const int MaxOpenFiles = 512;
    const int InfoLogs = 3;
    const nuint InfoLogBytes = 4 << 20;
    const ulong SyncEveryBytes = 1 << 20;

    /// <summary>Log2 of the cache's parts. By default there are 64 and more, each too small for the filter of a large file, which is then read anew for every get.</summary>
    const int CacheShardBits = 2;

    /// <summary>A torn last commit, never acknowledged, is dropped; whatever is before it is kept, in order.</summary>
    const int PointInTimeRecovery = 2;

    public OpenOptions(DatabaseOptions limits)
    {
        Limits = limits;
        Cache = CreateCache(limits.BlockCacheBytes);
        WriteBuffers = OptionCalls.rocksdb_write_buffer_manager_create((nuint)limits.WriteBufferBytes, 0);
        Handle = OptionCalls.rocksdb_options_create();
        OptionCalls.rocksdb_options_set_create_if_missing(Handle, 1);
        OptionCalls.rocksdb_options_set_create_missing_column_families(Handle, 1);
        OptionCalls.rocksdb_options_set_max_background_jobs(Handle, limits.BackgroundJobs);
        OptionCalls.rocksdb_options_set_max_open_files(Handle, MaxOpenFiles);
        OptionCalls.rocksdb_options_set_write_buffer_manager(Handle, WriteBuffers);
        OptionCalls.rocksdb_options_set_max_total_wal_size(Handle, (ulong)limits.MaxWalBytes);
        OptionCalls.rocksdb_options_set_wal_recovery_mode(Handle, PointInTimeRecovery);
        OptionCalls.rocksdb_options_set_avoid_flush_during_recovery(Handle, 1);
        OptionCalls.rocksdb_options_set_bytes_per_sync(Handle, SyncEveryBytes);
        OptionCalls.rocksdb_options_set_wal_bytes_per_sync(Handle, SyncEveryBytes);
        OptionCalls.rocksdb_options_set_info_log_level(Handle, WarningLevel);
        OptionCalls.rocksdb_options_set_keep_log_file_num(Handle, InfoLogs);
        OptionCalls.rocksdb_options_set_max_log_file_size(Handle, InfoLogBytes);
        OptionCalls.rocksdb_options_set_stats_dump_period_sec(Handle, 0);
    }

    public DatabaseOptions Limits { get; }

    public nint Handle { get; }

    public nint Cache { get; }

    nint WriteBuffers { get; }

    public void Dispose()
    {
        OptionCalls.rocksdb_options_destroy(Handle);
        OptionCalls.rocksdb_write_buffer_manager_destroy(WriteBuffers);
        OptionCalls.rocksdb_cache_destroy(Cache);
    }

    static nint CreateCache(long bytes)
    {
        var options = OptionCalls.rocksdb_lru_cache_options_create();
        OptionCalls.rocksdb_lru_cache_options_set_capacity(options, (nuint)bytes);
        OptionCalls.rocksdb_lru_cache_options_set_num_shard_bits(options, CacheShardBits);
        var cache = OptionCalls.rocksdb_cache_create_lru_opts(options);
        OptionCalls.rocksdb_lru_cache_options_destroy(options);
        return cache;
    }
}
