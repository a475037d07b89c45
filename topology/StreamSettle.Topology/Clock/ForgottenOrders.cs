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
/// <remarks><code>version(1)=1 | markUs(8) | completedAtUs(8)</code></remarks>
sealed class ForgottenOrders
{
    const byte Version = 1;

    readonly IKeyValueStore store;
    readonly ByteBuffer scratch = new();
    UtcInstant mark = new(long.MinValue);
    UtcInstant completedAt = new(long.MinValue);
    bool isChanged;

    public ForgottenOrders(IKeyValueStore store)
    {
        this.store = store;
        if (!store.TryGet(Key, out var kept))
        {
            return;
        }

        var from = new ByteReader(kept);
        var version = from.Byte();
        (mark, completedAt) = version == Version
            ? (new UtcInstant(from.Int64()), new UtcInstant(from.Int64()))
            : throw new Kernel.Failures.CorruptStateException($"what was forgotten has version {version}, this program knows {Version}");
    }

    static ReadOnlySpan<byte> Key => "forgotten"u8;

    /// <summary>Orders whose money was divided are among them.</summary>
    public bool HasCalculated => completedAt > new UtcInstant(long.MinValue);

    /// <param name="orderMark">The order's last mark.</param>
    /// <param name="orderCompletedAt">Of an order whose money was divided: its mark may be taken otherwise when it is seen again, by other rules or another tier.</param>
    public void Add(UtcInstant orderMark, UtcInstant? orderCompletedAt)
    {
        if (orderMark > mark)
        {
            (mark, isChanged) = (orderMark, true);
        }

        if (orderCompletedAt is { } at && at > completedAt)
        {
            (completedAt, isChanged) = (at, true);
        }
    }

    /// <summary>An order that is seen for the first time, by this change and with this mark, may be one of those that were forgotten.</summary>
    public bool MayHave(in OrderChange change, UtcInstant orderMark) =>
        change.Op == ChangeOp.Upsert && change.Row.CompletedAt is { } orderCompletedAt && (orderMark <= mark || orderCompletedAt <= completedAt);

    /// <summary>Makes it part of the commit that is about to come; writes nothing where nothing changed.</summary>
    public void Keep()
    {
        if (isChanged)
        {
            isChanged = false;
            scratch.Clear();
            var to = new ByteWriter(scratch);
            to.Byte(Version);
            to.Int64(mark.Microseconds);
            to.Int64(completedAt.Microseconds);
            store.Put(Key, scratch.Written);
        }
    }
}
