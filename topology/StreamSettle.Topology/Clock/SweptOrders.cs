using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Orders;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Topology.Clock;

/// <summary>
/// The highest sweep that a clock task has read: every order below it is gone from that moment on. How far the task has walked its orders to say so is kept too,
/// so that a crash costs nothing but time.
/// </summary>
/// <remarks><code>position(see ChangePosition) | transaction(see SourceTransaction) | offset(varint) | walking(1) | nextKey(8)</code></remarks>
sealed class SweptOrders : ClockRecord
{
    ChangePosition position;
    SourceTransaction transaction;
    long offset;

    public SweptOrders(IKeyValueStore store)
        : base(store) => Open();

    /// <summary>There may be orders that are gone and not told so yet.</summary>
    public bool IsWalking { get; private set; }

    /// <summary>Orders with lower keys have been looked at; see <see cref="Orders.OrderKey"/>.</summary>
    public ulong NextKey { get; private set; }

    /// <summary>The record that says so; its topic is the task's own.</summary>
    public RecordMetadata At => new(null, 0, offset);

    /// <summary>Where an order stands of which nothing is known: what lies below does not bring it back.</summary>
    public ChangePosition Floor => position;

    protected override ReadOnlySpan<byte> Key => "swept"u8;

    /// <summary>The source says that what lies below the position is gone; a lower or repeated sweep says nothing new.</summary>
    /// <param name="by">Its transaction.</param>
    /// <param name="recordOffset">Where the record stands that says so.</param>
    public void Begin(ChangePosition sweep, SourceTransaction by, long recordOffset)
    {
        if (position.LiesBelow(sweep))
        {
            (position, transaction, offset) = (sweep, by, recordOffset);
            (IsWalking, NextKey, IsChanged) = (true, 0, true);
        }
    }

    public bool Has(in OpenOrder order) => order.Position.LiesBelow(position);

    /// <summary>The change is of before the sweep, replayed: the row that it made is gone.</summary>
    public bool IsOver(ChangePosition change, long recordOffset) => change.HasLsn ? change.LiesBelow(position) : recordOffset < offset;

    /// <summary>The sweep, as the deletion of one order.</summary>
    public OrderChange DeletionOf(OrderId order) =>
        new() { Op = ChangeOp.Delete, Id = order, Position = position, CommittedAt = transaction.CommittedAt, TxId = transaction.TxId };

    /// <param name="next">Null when all orders have been looked at.</param>
    public void WalkedTo(ulong? next) => (IsWalking, NextKey, IsChanged) = (next is not null, next ?? 0, true);

    protected override void Read(ref ByteReader from)
    {
        position = ChangePosition.Read(ref from);
        (transaction, offset) = (SourceTransaction.Read(ref from), from.VarInt64());
        (IsWalking, NextKey) = (from.Bool(), (ulong)from.Int64());
    }

    protected override void Write(ByteWriter to)
    {
        position.Write(to);
        transaction.Write(to);
        to.VarInt64(offset);
        to.Bool(IsWalking);
        to.Int64((long)NextKey);
    }
}
