using System.Runtime.InteropServices;

namespace StreamSettle.Streams.RocksDb.Native;

/// <summary>RocksDB's C interface (rocksdb/c.h): database, column families, reads and writes. An error is a string to be freed.</summary>
internal static unsafe class DatabaseCalls
{
    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern nint rocksdb_open_column_families(nint options, byte* name, int count, byte** familyNames, nint* familyOptions, nint* familyHandles, byte** error);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern nint rocksdb_open_for_read_only_column_families(
        nint options, byte* name, int count, byte** familyNames, nint* familyOptions, nint* familyHandles, byte errorIfWalExists, byte** error);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern byte** rocksdb_list_column_families(nint options, byte* name, nuint* count, byte** error);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_list_column_families_destroy(byte** list, nuint count);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern nint rocksdb_create_column_family(nint database, nint options, byte* name, byte** error);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern uint rocksdb_column_family_handle_get_id(nint family);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_column_family_handle_destroy(nint family);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_close(nint database);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_cancel_all_background_work(nint database, byte wait);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_flush_cfs(nint database, nint flushOptions, nint* families, int count, byte** error);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern nint rocksdb_flushoptions_create();

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_flushoptions_destroy(nint options);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern byte rocksdb_get_into_buffer_cf(nint database, nint readOptions, nint family, byte* key, nuint keyLength, byte* buffer, nuint bufferLength, nuint* valueLength, byte* found, byte** error);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern nint rocksdb_writebatch_create_from(byte* bytes, nuint length);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_writebatch_destroy(nint batch);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_write(nint database, nint writeOptions, nint batch, byte** error);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern nint rocksdb_writeoptions_create();

    [DllImport(Library.Name, ExactSpelling = true), SuppressGCTransition]
    public static extern void rocksdb_writeoptions_set_sync(nint options, byte value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_writeoptions_destroy(nint options);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern byte rocksdb_property_int_cf(nint database, nint family, byte* name, ulong* value);

    [DllImport(Library.Name, ExactSpelling = true)]
    public static extern void rocksdb_free(void* memory);
}
