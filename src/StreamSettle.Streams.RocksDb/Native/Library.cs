namespace StreamSettle.Streams.RocksDb.Native;

/// <summary>The native library, from the runtimes folder of the RocksDB package. Its managed part is not used: it allocates where we may not.</summary>
internal static class Library
{
    public const string Name = "rocksdb";
}
