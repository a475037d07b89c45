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
}
