namespace StreamSettle.Streams.Embedded.Topics;

/// <summary>Counts how often the ends of some partitions moved. Read by any thread; changed under the commit lock.</summary>
internal sealed class EndMoves
{
    long count;

    public long Count => Volatile.Read(ref count);

    /// <summary>The end is there already: who has read the count before this looks again, and who reads it after sees the end.</summary>
    public void Moved() => Volatile.Write(ref count, count + 1);
}
