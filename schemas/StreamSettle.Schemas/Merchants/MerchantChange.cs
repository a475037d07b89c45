using StreamSettle.Kernel.Ids;
using StreamSettle.Schemas.Changes;

namespace StreamSettle.Schemas.Merchants;

/// <summary>A change of <c>merchants</c>, decoded; a view that is valid until the next read.</summary>
public readonly ref struct MerchantChange
{
    public required ChangeOp Op { get; init; }

    public MerchantId Id { get; init; }

    public ChangePosition Position { get; init; }

    /// <summary>Only for <see cref="ChangeOp.Upsert"/>.</summary>
    public MerchantRow Row { get; init; }
}
