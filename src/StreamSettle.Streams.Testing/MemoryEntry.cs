namespace StreamSettle.Streams.Testing;

/// <summary>A key and its value, sorted by the key's unsigned bytes.</summary>
readonly record struct MemoryEntry(byte[] Key, byte[] Value)
{
    public static IComparer<MemoryEntry> ByKey { get; } = Comparer<MemoryEntry>.Create((left, right) => left.Key.AsSpan().SequenceCompareTo(right.Key));
}
