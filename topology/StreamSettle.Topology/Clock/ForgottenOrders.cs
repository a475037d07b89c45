using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Orders;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Topology.Clock;

/// <summary>
/// How far a clock task has forgotten orders, for good: an order that is first seen below may be one of them, and is never settled as if it were new, whatever
/// the retention is later.
/// </summary>
/// <remarks><code>markUs(8) | completedAtUs(8)</code></remarks>
sealed class ForgottenOrders : ClockRecord
{
    UtcInstant mark = new(long.MinValue);
    UtcInstant completedAt = new(long.MinValue);

    public ForgottenOrders(IKeyValueStore store)
        : base(store) => Open();

    protected override ReadOnlySpan<byte> Key => "forgotten"u8;

    /// <summary>Orders whose money was divided are among them.</summary>
    public bool HasCalculated => completedAt > new UtcInstant(long.MinValue);

    /// <param name="orderMark">The order's last mark.</param>
    /// <param name="orderCompletedAt">Of an order whose money was divided: its mark may be taken otherwise when it is seen again, by other rules or another tier.</param>
    public void Add(UtcInstant orderMark, UtcInstant? orderCompletedAt)
    {
        if (orderMark > mark)
        {
            (mark, IsChanged) = (orderMark, true);
        }

        if (orderCompletedAt is { } at && at > completedAt)
        {
            (completedAt, IsChanged) = (at, true);
        }
    }

    /// <summary>An order that is seen for the first time, by this change and with this mark, may be one of those that were forgotten.</summary>
    public bool MayHave(in OrderChange change, UtcInstant orderMark) =>
        change.Op == ChangeOp.Upsert && change.Row.CompletedAt is { } orderCompletedAt && (orderMark <= mark || orderCompletedAt <= completedAt);

    protected override void Read(ref ByteReader from) => (mark, completedAt) = (new(from.Int64()), new(from.Int64()));

    protected override void Write(ByteWriter to)
    {
        to.Int64(mark.Microseconds);
        to.Int64(completedAt.Microseconds);
    }
}
