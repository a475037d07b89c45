namespace StreamSettle.Schemas.Changes;

/// <summary>Where in the source's history a change stands. Compared per key only: what is not greater than the last applied one is stale or a replay.</summary>
/// <param name="Lsn">Log sequence number of the change; <see cref="None"/> where the source gave none (incremental snapshots: offset order decides).</param>
/// <param name="Streamed">A streamed change; a snapshot row of equal lsn ranks below it.</param>
public readonly record struct ChangePosition(long Lsn, bool Streamed) : IComparable<ChangePosition>
{
    const long NoLsn = long.MinValue;

    /// <summary>The source gave no position.</summary>
    public static ChangePosition None => new(NoLsn, false);

    public bool HasLsn => Lsn != NoLsn;

    public int CompareTo(ChangePosition other) => Lsn != other.Lsn ? Lsn.CompareTo(other.Lsn) : Streamed.CompareTo(other.Streamed);

    /// <summary>True when this change is news after <paramref name="applied"/>.</summary>
    public bool IsAfter(ChangePosition applied) => !HasLsn || CompareTo(applied) > 0;

    /// <summary>As causes in events name it: <c>26755400</c>, <c>26755400s</c> for a snapshot row, <c>none</c>.</summary>
    public override string ToString() => !HasLsn ? "none" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Lsn}{(Streamed ? "" : "s")}");
}
