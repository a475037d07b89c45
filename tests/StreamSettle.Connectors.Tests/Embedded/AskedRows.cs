using StreamSettle.Connectors.Embedded.Completing;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Sources;
using StreamSettle.Tests.Links;

namespace StreamSettle.Connectors.Tests.Embedded;

/// <summary>Rows as the graph asks for them: whoever is not answered within a second comes again, which on a busy machine happens.</summary>
static class AskedRows
{
    /// <exception cref="EnvironmentFailedException">The shop cannot be asked.</exception>
    public static OrderTexts? AnswerOfOrder(this SourceRows rows, long id, ChangePosition at) => Answer(() => rows.Order(new OrderId(id), at));

    /// <inheritdoc cref="AnswerOfOrder"/>
    public static MerchantTexts? AnswerOfMerchant(this SourceRows rows, long id, ChangePosition at) => Answer(() => rows.Merchant(new MerchantId(id), at));

    static TRow? Answer<TRow>(Func<TRow?> ask) => Answered.To(ask, slow => slow.InnerException is null);
}
