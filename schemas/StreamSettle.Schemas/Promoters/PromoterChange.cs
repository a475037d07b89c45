using StreamSettle.Kernel.Ids;
using StreamSettle.Schemas.Changes;

namespace StreamSettle.Schemas.Promoters;

/// <summary>A change of <c>promoters</c>, decoded.</summary>
/// <param name="Parent">Who recruited this promoter; only for an upsert.</param>
public readonly record struct PromoterChange(ChangeOp Op, PromoterId Id, ChangePosition Position, PromoterId? Parent);
