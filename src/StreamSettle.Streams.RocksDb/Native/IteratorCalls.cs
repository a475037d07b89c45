using System.Runtime.InteropServices;

namespace StreamSettle.Streams.RocksDb.Native;

/// <summary>RocksDB's C interface (rocksdb/c.h): iterators and read options. What only looks at memory skips the collector's transition.</summary>
internal static unsafe class IteratorCalls
{
    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern nint rocksdb_readoptions_create();

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_readoptions_destroy(nint options);

    [DllImport(Library.Name, ExactSpelling = true), SuppressGCTransition]
    public static extern void rocksdb_readoptions_set_verify_checksums(nint options, byte value);

    [DllImport(Library.Name, ExactSpelling = true), SuppressGCTransition]
    public static extern void rocksdb_readoptions_set_total_order_seek(nint options, byte value);

    [DllImport(Library.Name, ExactSpelling = true), SuppressGCTransition]
    public static extern void rocksdb_readoptions_set_fill_cache(nint options, byte value);

    [DllImport(Library.Name, ExactSpelling = true), SuppressGCTransition]
    public static extern void rocksdb_readoptions_set_iterate_upper_bound(nint options, byte* key, nuint length);

    [DllImport(Library.Name, ExactSpelling = true), SuppressGCTransition]
    public static extern void rocksdb_readoptions_set_iterate_lower_bound(nint options, byte* key, nuint length);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern nint rocksdb_create_iterator_cf(nint database, nint readOptions, nint family);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_iter_destroy(nint iterator);

    [DllImport(Library.Name, ExactSpelling = true), SuppressGCTransition]
    public static extern byte rocksdb_iter_valid(nint iterator);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_iter_seek_to_last(nint iterator);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_iter_seek_to_first(nint iterator);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_iter_seek(nint iterator, byte* key, nuint length);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_iter_seek_for_prev(nint iterator, byte* key, nuint length);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_iter_next(nint iterator);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_iter_prev(nint iterator);

    [DllImport(Library.Name, ExactSpelling = true), SuppressGCTransition]
    public static extern byte* rocksdb_iter_key(nint iterator, nuint* length);

    [DllImport(Library.Name, ExactSpelling = true), SuppressGCTransition]
    public static extern byte* rocksdb_iter_value(nint iterator, nuint* length);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_iter_get_error(nint iterator, byte** error);
}
