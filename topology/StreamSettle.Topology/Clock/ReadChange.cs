using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Orders;
using StreamSettle.Streams.Records;
using StreamSettle.Topology.Orders;

namespace StreamSettle.Topology.Clock;

/// <summary>A change of an order that was read, and the record that brought it: as it came, or replayed from a dead letter.</summary>
readonly ref struct ReadChange
{
    /// <param name="replayedBy">Cause of the request that has it read again; null for one that is read as it comes.</param>
    public ReadChange(in OrderChange change, Headers headers, RecordMetadata at, ReadOnlySpan<byte> rowBytes, string? replayedBy = null)
    {
        Change = change;
        At = at;
        RowBytes = rowBytes;
        Arrived = change.Op == ChangeOp.Upsert && headers.TryGet(ChangedKeyHeaders.OldKey, out _);
        MovedAway = change.Op == ChangeOp.Delete && headers.TryGet(ChangedKeyHeaders.NewKey, out _);
        OtherCause = change.Position.HasLsn ? null : replayedBy ?? SourceRecord.NameOf(at);
    }

    public OrderChange Change { get; }

    /// <summary>Where the record stands, of a replayed one where it stood.</summary>
    public RecordMetadata At { get; }

    /// <summary>The row came here by a changed primary key.</summary>
    public bool Arrived { get; }

    /// <summary>The row left by a changed primary key.</summary>
    public bool MovedAway { get; }

    /// <summary>Names a change without a position by the record that brought it, or by the request: the record's name is taken by its refusal. Null for the position.</summary>
    public string? OtherCause { get; }

    /// <summary>What was known of the order may have been the middle of a transaction, and this is what that ended with, or what came later: see <see cref="WholeTransactions"/>.</summary>
    public bool CutsOff { get; init; }

    /// <summary>The row after the change, encoded; empty for a deletion.</summary>
    public ReadOnlySpan<byte> RowBytes { get; }
}
