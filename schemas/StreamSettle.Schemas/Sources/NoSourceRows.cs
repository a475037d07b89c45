using StreamSettle.Kernel.Ids;
using StreamSettle.Schemas.Changes;

namespace StreamSettle.Schemas.Sources;

/// <summary>A source whose rows cannot be read beside its changes.</summary>
public sealed class NoSourceRows : ISourceRows
{
    public static NoSourceRows Instance { get; } = new();

    public OrderTexts? Order(OrderId id, ChangePosition position) => null;

    public MerchantTexts? Merchant(MerchantId id, ChangePosition position) => null;
}
