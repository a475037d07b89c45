using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Changes;

namespace StreamSettle.Schemas.Orders;

/// <summary>A change of <c>orders</c> as any of Debezium's forms tells it, decoded; a view that is valid until the next read.</summary>
public readonly ref struct OrderChange
{
    public required ChangeOp Op { get; init; }

    /// <summary>The row's key; for <see cref="ChangeOp.None"/> meaningless.</summary>
    public OrderId Id { get; init; }

    public ChangePosition Position { get; init; }

    /// <summary>Commit time of the change in the source; of a snapshot row the time it was read.</summary>
    public UtcInstant CommittedAt { get; init; }

    /// <summary>See <see cref="SourceTransaction.TxId"/>.</summary>
    public long TxId { get; init; }

    public SourceTransaction Transaction => new(CommittedAt, TxId);

    /// <summary>The row had a completion before the change already, as far as the connector says: an order that nobody remembers is not a new one then.</summary>
    public bool WasCompleted { get; init; }

    /// <summary>The row after the change; only for <see cref="ChangeOp.Upsert"/>.</summary>
    public OrderRow Row { get; init; }
}
