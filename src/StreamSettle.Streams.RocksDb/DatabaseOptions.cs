namespace StreamSettle.Streams.RocksDb;

/// <summary>Memory and disk bounds of one database; all column families share them.</summary>
public sealed record DatabaseOptions
{
    const long MinBytes = 1 << 20;

    /// <summary>Cache of uncompressed blocks, indexes and filters, bytes. Default 64 MiB.</summary>
    public long BlockCacheBytes { get; init; } = 64 << 20;

    /// <summary>Writes kept in memory until they are flushed, all column families together, bytes. Default 128 MiB.</summary>
    public long WriteBufferBytes { get; init; } = 128 << 20;

    /// <summary>Write-ahead log above which column families are flushed to let go of it, bytes: bounds the disk it takes and the time of a restart. Default 256 MiB.</summary>
    public long MaxWalBytes { get; init; } = 256 << 20;

    /// <summary>Flushes and compactions at the same time. Default 2.</summary>
    public int BackgroundJobs { get; init; } = 2;

    /// <summary>One message for each rule that is broken; empty when all hold.</summary>
    public IEnumerable<string> Problems(string section)
    {
        (string Name, long Value)[] sizes = [(nameof(BlockCacheBytes), BlockCacheBytes), (nameof(WriteBufferBytes), WriteBufferBytes), (nameof(MaxWalBytes), MaxWalBytes)];
        foreach (var (name, value) in sizes)
        {
            if (value < MinBytes)
            {
                yield return $"{section}:{name} must be at least {MinBytes} bytes, but is {value}.";
            }
        }

        if (BackgroundJobs < 1)
        {
            yield return $"{section}:BackgroundJobs must be at least 1, but is {BackgroundJobs}.";
        }
    }
}
