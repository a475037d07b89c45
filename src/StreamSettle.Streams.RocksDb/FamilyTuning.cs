using StreamSettle.Streams.RocksDb.Native;

namespace StreamSettle.Streams.RocksDb;

/// <summary>The options of column families by use. They share one block cache.</summary>
internal static class FamilyTuning
{
    const int NoCompression = 0;
    const int Lz4 = 4;
    const long MinBufferBytes = 1 << 20;
    const long SmallBufferBytes = 4 << 20;
    const double BloomBitsPerKey = 10;

    /// <summary>Share of the write buffer that the memtable's bloom filter takes: most gets of the clock ask for orders that are not there.</summary>
    const double MemtableBloomShare = 0.05;

    /// <summary>A file in which so many of so many consecutive entries are deletions is compacted soon, or scans would walk its graves again and again.</summary>
    const nuint DeletionWindow = 4096;
    const nuint DeletionsInWindow = 2048;

    /// <summary>
    /// Deleted ranges of a memtable are sorted anew for the first scan after each: with so many the memtable is flushed, which bounds that to some tens of
    /// microseconds.
    /// </summary>
    const uint DeletedRangesInMemtable = 512;

    const ulong MinBlobBytes = 1 << 10;
    const ulong BlobFileBytes = 64 << 20;

    public static nint Create(FamilyUse use, DatabaseOptions options, nint cache)
    {
        var family = OptionCalls.rocksdb_options_create();
        var bufferBytes = use == FamilyUse.Small ? SmallBufferBytes : options.WriteBufferBytes / 4;
        OptionCalls.rocksdb_options_set_write_buffer_size(family, (nuint)Math.Max(bufferBytes, MinBufferBytes));
        OptionCalls.rocksdb_options_set_max_write_buffer_number(family, 3);
        OptionCalls.rocksdb_options_set_target_file_size_base(family, 32 << 20);
        OptionCalls.rocksdb_options_set_level_compaction_dynamic_level_bytes(family, 1);
        OptionCalls.rocksdb_options_set_compression(family, use == FamilyUse.Small ? NoCompression : Lz4);
        if (use == FamilyUse.Store)
        {
            OptionCalls.rocksdb_options_set_memtable_whole_key_filtering(family, 1);
            OptionCalls.rocksdb_options_set_memtable_prefix_bloom_size_ratio(family, MemtableBloomShare);
            OptionCalls.rocksdb_options_set_memtable_max_range_deletions(family, DeletedRangesInMemtable);
            OptionCalls.rocksdb_options_add_compact_on_deletion_collector_factory(family, DeletionWindow, DeletionsInWindow);
        }

        if (use == FamilyUse.Log)
        {
            SetBlobs(family);
        }

        SetTable(family, use, cache);
        return family;
    }

    /// <summary>Large values go to files of their own as they are flushed, so that compaction moves keys only: a record is written to a file once.</summary>
    static void SetBlobs(nint family)
    {
        OptionCalls.rocksdb_options_set_enable_blob_files(family, 1);
        OptionCalls.rocksdb_options_set_min_blob_size(family, MinBlobBytes);
        OptionCalls.rocksdb_options_set_blob_file_size(family, BlobFileBytes);
        OptionCalls.rocksdb_options_set_blob_compression_type(family, Lz4);
        OptionCalls.rocksdb_options_set_enable_blob_gc(family, 1);
    }

    static void SetTable(nint family, FamilyUse use, nint cache)
    {
        var table = OptionCalls.rocksdb_block_based_options_create();
        OptionCalls.rocksdb_block_based_options_set_block_size(table, use == FamilyUse.Log ? 64u << 10 : 8u << 10);
        OptionCalls.rocksdb_block_based_options_set_block_cache(table, cache);
        OptionCalls.rocksdb_block_based_options_set_cache_index_and_filter_blocks(table, 1);
        OptionCalls.rocksdb_block_based_options_set_pin_l0_filter_and_index_blocks_in_cache(table, 1);
        if (use == FamilyUse.Store)
        {
            OptionCalls.rocksdb_block_based_options_set_filter_policy(table, OptionCalls.rocksdb_filterpolicy_create_bloom_full(BloomBitsPerKey));
        }

        OptionCalls.rocksdb_options_set_block_based_table_factory(family, table);
        OptionCalls.rocksdb_block_based_options_destroy(table);
    }
}
