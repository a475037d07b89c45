using System.Runtime.InteropServices;

namespace StreamSettle.Streams.RocksDb.Native;

/// <summary>RocksDB's C interface (rocksdb/c.h): options of databases, column families, tables and caches.</summary>
internal static unsafe class OptionCalls
{
    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern nint rocksdb_options_create();

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_destroy(nint options);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_set_create_if_missing(nint options, byte value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_set_create_missing_column_families(nint options, byte value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_set_max_background_jobs(nint options, int value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_set_max_open_files(nint options, int value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_set_max_total_wal_size(nint options, ulong value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_set_wal_recovery_mode(nint options, int value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_set_avoid_flush_during_recovery(nint options, byte value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_set_bytes_per_sync(nint options, ulong value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_set_wal_bytes_per_sync(nint options, ulong value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_set_keep_log_file_num(nint options, nuint value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_set_max_log_file_size(nint options, nuint value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_set_info_log_level(nint options, int value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_set_stats_dump_period_sec(nint options, uint value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_set_write_buffer_manager(nint options, nint manager);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_set_write_buffer_size(nint options, nuint value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_set_max_write_buffer_number(nint options, int value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_set_compression(nint options, int value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_set_target_file_size_base(nint options, ulong value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_set_level_compaction_dynamic_level_bytes(nint options, byte value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_set_block_based_table_factory(nint options, nint tableOptions);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_set_memtable_whole_key_filtering(nint options, byte value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_set_memtable_prefix_bloom_size_ratio(nint options, double value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_add_compact_on_deletion_collector_factory(nint options, nuint window, nuint deletions);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_set_memtable_max_range_deletions(nint options, uint value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_set_enable_blob_files(nint options, byte value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_set_min_blob_size(nint options, ulong value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_set_blob_file_size(nint options, ulong value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_set_blob_compression_type(nint options, int value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_options_set_enable_blob_gc(nint options, byte value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern nint rocksdb_block_based_options_create();

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_block_based_options_destroy(nint options);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_block_based_options_set_block_size(nint options, nuint value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_block_based_options_set_block_cache(nint options, nint cache);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_block_based_options_set_cache_index_and_filter_blocks(nint options, byte value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_block_based_options_set_pin_l0_filter_and_index_blocks_in_cache(nint options, byte value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_block_based_options_set_filter_policy(nint options, nint policy);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern nint rocksdb_filterpolicy_create_bloom_full(double bitsPerKey);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern nint rocksdb_lru_cache_options_create();

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_lru_cache_options_destroy(nint options);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_lru_cache_options_set_capacity(nint options, nuint value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_lru_cache_options_set_num_shard_bits(nint options, int value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern nint rocksdb_cache_create_lru_opts(nint options);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_cache_destroy(nint cache);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern nint rocksdb_write_buffer_manager_create(nuint size, byte allowStall);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_write_buffer_manager_destroy(nint manager);
}
