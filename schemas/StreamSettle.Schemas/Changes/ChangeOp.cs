namespace StreamSettle.Schemas.Changes;

/// <summary>What a change record says happened to the row; Debezium's <c>op</c>.</summary>
public enum ChangeOp : byte
{
    /// <summary><c>c</c>, <c>u</c> or <c>r</c>: the row is now as it stands here.</summary>
    Upsert = 1,

    /// <summary><c>d</c>: the row is gone; only the key can be trusted.</summary>
    Delete = 2,

    /// <summary>Nothing about a row: a tombstone, <c>m</c>, or <c>t</c> (a truncate names no key; <c>reconcile</c> finds what it took).</summary>
    None = 3,
}
