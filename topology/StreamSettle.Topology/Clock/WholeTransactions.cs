using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Changes;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Topology.Clock;

/// <summary>
/// Up to where a clock task knows transactions of the source to be whole, and what a new reading of the table cut off: a transaction that was not known to be whole then
/// may have been half in the log, and no more of it is told, since the rows of the reading stand behind its commit. What follows only from the end of a transaction is
/// decided anew over such a row.
/// </summary>
/// <remarks><code>provenEnd(varint) | readAt(see ChangePosition) | cutFrom(varint) | cutTo(varint)</code></remarks>
sealed class WholeTransactions : ClockRecord
{
    long provenEnd;
    ChangePosition readAt;
    long cutFrom;
    long cutTo;

    public WholeTransactions(IKeyValueStore store)
        : base(store) => Open();

    protected override ReadOnlySpan<byte> Key => "whole"u8;

    /// <summary>
    /// Changes below the offset are of whole transactions. Kept at once, so that it is known after a restart too: by memory alone every transaction would look cut off
    /// by a table that is read again at a start.
    /// </summary>
    public void Prove(long end)
    {
        if (end > provenEnd)
        {
            (provenEnd, IsChanged) = (end, true);
            Keep();
        }
    }

    /// <summary>A change is about to be applied that stands at an offset: the first of a new reading of the table begins it.</summary>
    public void Take(ChangePosition position, long offset)
    {
        if (position.Kind != PositionKind.Snapshot || !readAt.LiesBelow(position))
        {
            return;
        }

        (readAt, IsChanged) = (position, true);
        if (provenEnd < offset)
        {
            (cutFrom, cutTo) = (provenEnd, offset);
        }
    }

    /// <summary>True when the last change of an order may have been the middle of a transaction of which the reading that brings the next one has cut off the rest.</summary>
    /// <param name="next">Position of a row of the reading, or of its sweep.</param>
    /// <remarks>
    /// A row that a scan has read says so too, of its own order alone: it has all of a transaction that stands below it, and what the stream still tells of that is old by then.
    /// </remarks>
    public bool IsCutOff(in OpenOrder order, ChangePosition next) => order.Position.IsStreamed && next.Kind switch
    {
        PositionKind.Snapshot => order.Books.NextOffset > cutFrom && order.Books.NextOffset <= cutTo,
        PositionKind.Scanned => order.Books.NextOffset > provenEnd,
        _ => false,
    };

    protected override void Read(ref ByteReader from)
    {
        (provenEnd, readAt) = (from.VarInt64(), ChangePosition.Read(ref from));
        (cutFrom, cutTo) = (from.VarInt64(), from.VarInt64());
    }

    protected override void Write(ByteWriter to)
    {
        to.VarInt64(provenEnd);
        readAt.Write(to);
        to.VarInt64(cutFrom);
        to.VarInt64(cutTo);
    }
}
