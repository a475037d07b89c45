namespace StreamSettle.Streams.Stores;

/// <summary>A key that was written since the last commit, and its newest value. Positions are into the table's arena.</summary>
struct OverlayEntry
{
    /// <summary>Length of <see cref="ValueLength"/> for a deleted key.</summary>
    public const int Deleted = -1;

    /// <summary>The same for a key that a deleted range covers: the range says all that a commit needs.</summary>
    public const int Dropped = -2;

    /// <summary>The first eight bytes of the key, big-endian and zero-padded: most comparisons end here.</summary>
    public ulong Prefix;
    public uint Hash;
    public int Bucket;
    public int KeyStart;
    public int KeyLength;
    public int ValueStart;
    public int ValueLength;

    /// <summary>Number of the write that made this value.</summary>
    public long Sequence;

    /// <summary>Index of the value before, kept only while a scan may need it; -1 for none.</summary>
    public int Older;
}

/// <summary>A value that was overwritten while a scan was open.</summary>
record struct OverlayVersion(int ValueStart, int ValueLength, long Sequence, int Older);

/// <summary>A range of committed keys that is deleted; an empty end is no bound.</summary>
readonly record struct OverlayRange(int FromStart, int FromLength, int ToStart, int ToLength, long Sequence);
