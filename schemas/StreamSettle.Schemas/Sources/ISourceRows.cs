using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Schemas.Changes;

namespace StreamSettle.Schemas.Sources;

/// <summary>
/// The shop's rows as they are now, for what a change did not tell of its row. What stands there may be of a later change, whose record is on its way. Who asks holds up records:
/// an answer takes no longer than about a second, and then it is "not yet".
/// </summary>
public interface ISourceRows
{
    /// <param name="position">Of the change: an answer is for that alone.</param>
    /// <returns>Null where there is no such row, or none can be read.</returns>
    /// <exception cref="EnvironmentFailedException">It is not known yet: ask again a little later.</exception>
    OrderTexts? Order(OrderId id, ChangePosition position);

    /// <inheritdoc cref="Order"/>
    MerchantTexts? Merchant(MerchantId id, ChangePosition position);
}
