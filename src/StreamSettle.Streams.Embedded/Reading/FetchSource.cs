using StreamSettle.Streams.Embedded.Topics;

namespace StreamSettle.Streams.Embedded.Reading;

/// <summary>A partition that a client reads, and how far it has fetched.</summary>
internal sealed class FetchSource(PartitionLog log, long next, bool isMember)
{
    public PartitionLog Log { get; } = log;

    /// <summary>The next offset to fetch.</summary>
    public long Next { get; set; } = next;

    /// <summary>Read as a group's member, so that nothing it has not consumed is ever purged.</summary>
    public bool IsMember { get; } = isMember;

    public bool Paused { get; set; }

    /// <summary>The committed end when the poll began: the poll's own snapshot of the database has everything below it.</summary>
    public long Limit { get; set; }

    public bool HasMore => !Paused && Next < Limit;
}
