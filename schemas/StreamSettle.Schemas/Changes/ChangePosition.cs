using System.Globalization;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Schemas.Changes;

/// <summary>
/// Where in the source's history a change stands: by its transaction's commit first, then by its own place. Compared per key only: what is not after the last
/// applied one is stale or a replay. Of two changes the one that was committed later counts, whatever their own places say (docs/decisions/0007).
/// </summary>
/// <remarks><code>kind(1) [| commit(varint) | lsn(varint), unless the kind is None]</code></remarks>
public readonly record struct ChangePosition
{
    ChangePosition(PositionKind kind, long commit, long lsn) => (Kind, Commit, Lsn) = (kind, commit, lsn);

    /// <summary>The source gave no position (incremental snapshots: the order of records decides).</summary>
    public static ChangePosition None => default;

    public PositionKind Kind { get; }

    /// <summary>
    /// Orders transactions as they were committed: the LSN of the commit, or, from Debezium, a point after every commit before it and not after its own.
    /// Of a snapshot row the point at which the tables were read.
    /// </summary>
    public long Commit { get; }

    /// <summary>The change's own log sequence number: one WAL record's, so that it names the change.</summary>
    public long Lsn { get; }

    public bool HasLsn => Kind != PositionKind.None;

    /// <summary>The row as it was read in the table, not a change of it.</summary>
    public bool IsRead => Kind is PositionKind.Snapshot or PositionKind.Scanned;

    public bool IsStreamed => Kind is PositionKind.Streamed or PositionKind.CommitUnknown;

    /// <summary>A row of a snapshot that has every transaction committed before <paramref name="point"/> and no other.</summary>
    public static ChangePosition Snapshot(long point) => new(PositionKind.Snapshot, point, point);

    /// <summary>A row that a scan has read, with every transaction committed before <paramref name="point"/> in it.</summary>
    public static ChangePosition Scanned(long point) => new(PositionKind.Scanned, point, point);

    /// <param name="commit">See <see cref="Commit"/>; a commit never stands before its changes, so that a lower one is raised.</param>
    public static ChangePosition Streamed(long commit, long lsn) => new(PositionKind.Streamed, Math.Max(commit, lsn), lsn);

    /// <summary>A change of which only its own place is known.</summary>
    public static ChangePosition Streamed(long lsn) => new(PositionKind.CommitUnknown, lsn, lsn);

    /// <summary>True when this change is news after <paramref name="applied"/>.</summary>
    public bool IsAfter(ChangePosition applied) => Kind switch
    {
        PositionKind.None => true,
        // A row lock makes the places of one row's changes grow, and a transaction that began before a snapshot's point is streamed when it was committed after it.
        PositionKind.CommitUnknown => applied.IsRead || applied.Kind == PositionKind.None || Lsn > applied.Lsn,
        _ => StandsAbove(applied),
    };

    /// <summary>True when a row whose last change stands here is gone by a sweep that stands there; one at the very same position is not.</summary>
    public bool LiesBelow(ChangePosition sweep) => sweep.StandsAbove(this);

    /// <summary>What to remember once this change was applied over <paramref name="applied"/>: never less than that.</summary>
    public ChangePosition Over(ChangePosition applied) => Kind switch
    {
        PositionKind.None => applied,
        PositionKind.CommitUnknown when applied.Commit > Commit => new(Kind, applied.Commit, Lsn),
        _ => this,
    };

    public void Write(ByteWriter to)
    {
        to.Byte((byte)Kind);
        if (HasLsn)
        {
            to.VarUInt64((ulong)Commit);
            to.VarUInt64((ulong)Lsn);
        }
    }

    /// <exception cref="CorruptStateException">The bytes are no position of ours.</exception>
    public static ChangePosition Read(scoped ref ByteReader from)
    {
        var kind = (PositionKind)from.Byte();
        return kind switch
        {
            PositionKind.None => None,
            <= PositionKind.Scanned => new(kind, (long)from.VarUInt64(), (long)from.VarUInt64()),
            _ => throw new CorruptStateException($"a position has kind {(byte)kind}"),
        };
    }

    /// <summary>As causes in events name it: <c>26755400</c>, <c>26755400s</c> for a snapshot row, <c>26755400r</c> for one that was read again, <c>none</c>. One WAL record changes a key once.</summary>
    public override string ToString() => Kind switch
    {
        PositionKind.None => "none",
        PositionKind.Snapshot => string.Create(CultureInfo.InvariantCulture, $"{Lsn}s"),
        PositionKind.Scanned => string.Create(CultureInfo.InvariantCulture, $"{Lsn}r"),
        _ => Lsn.ToString(CultureInfo.InvariantCulture),
    };

    bool StandsAbove(ChangePosition applied) => Commit != applied.Commit
        ? Commit > applied.Commit
        : IsStreamed != applied.IsStreamed ? IsStreamed : Lsn > applied.Lsn;
}
