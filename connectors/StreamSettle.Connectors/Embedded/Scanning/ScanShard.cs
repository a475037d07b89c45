namespace StreamSettle.Connectors.Embedded.Scanning;

/// <summary>A share of the orders' table: a range of keys, read along the primary key's index, and how far it has come.</summary>
/// <param name="First">The first key; null for no bound.</param>
/// <param name="End">The first key behind it; null for no bound.</param>
public sealed record ScanShard(long? First, long? End)
{
    /// <summary>The last row that is in the log; null before the first.</summary>
    public ScanCursor? Cursor { get; init; }

    public long Rows { get; init; }

    public bool IsDone { get; init; }
}

/// <summary>A place in a shard's order: rows by completion, then key; those that were never completed come last.</summary>
/// <param name="CompletedAt">As the server writes it, <c>infinity</c> for none.</param>
public readonly record struct ScanCursor(string CompletedAt, long Order);
