namespace StreamSettle.Schemas.Changes;

/// <summary>What a change record says happened to the row; Debezium's <c>op</c>.</summary>
public enum ChangeOp : byte
{
    /// <summary><c>c</c>, <c>u</c> or <c>r</c>: the row is now as it stands here.</summary>
    Upsert = 1,

    /// <summary><c>d</c>: the row is gone; only the key can be trusted.</summary>
    Delete = 2,

    /// <summary>Nothing about a row: a tombstone or <c>m</c>.</summary>
    None = 3,

    /// <summary>
    /// <c>t</c>: every row of the table whose last position lies below this one's is gone. A truncate in the source is told so, and a snapshot that was read anew: what
    /// is not in it is gone too (docs/decisions/0008).
    /// </summary>
    Sweep = 4,
}
