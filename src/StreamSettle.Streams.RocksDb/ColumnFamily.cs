namespace StreamSettle.Streams.RocksDb;

/// <summary>One of a database's named key spaces. Belongs to its <see cref="Database"/>, and ends with it.</summary>
public sealed class ColumnFamily
{
    internal ColumnFamily(string name, nint handle, uint id)
    {
        Name = name;
        Handle = handle;
        Id = id;
    }

    public string Name { get; }

    internal nint Handle { get; }

    /// <summary>How write batches name it.</summary>
    internal uint Id { get; }
}

/// <summary>How a column family is used, and therefore tuned.</summary>
public enum FamilyUse
{
    /// <summary>Point reads that often miss, short scans, deletes at the head.</summary>
    Store,

    /// <summary>Large values written once in order, read once soon after, then mostly deleted.</summary>
    Log,

    /// <summary>A few small entries.</summary>
    Small,
}
