namespace StreamSettle.Schemas.Changes;

/// <summary>What is known of where a change stands. Kept in stores: numbers are fixed.</summary>
public enum PositionKind : byte
{
    /// <summary>Nothing: the order in which records come decides.</summary>
    None = 0,

    /// <summary>A row as it stood at a point between commits.</summary>
    Snapshot = 1,

    /// <summary>A change of a transaction whose place in the order of commits is known.</summary>
    Streamed = 2,

    /// <summary>A change of a transaction whose place is not told: only the place of the change itself.</summary>
    CommitUnknown = 3,

    /// <summary>
    /// A row that was read again for itself, at a point between commits, beside a stream that goes on: nothing else of the table was read there, so it says nothing of other
    /// rows.
    /// </summary>
    Scanned = 4,
}
