using System.Diagnostics;
using StreamSettle.Connectors.Embedded.Completing;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Sources;

namespace StreamSettle.Connectors.Tests.Embedded;

/// <summary>Rows as the graph asks for them: whoever is not answered within a second comes again, which on a busy machine happens.</summary>
static class AskedRows
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <exception cref="EnvironmentFailedException">The shop cannot be asked.</exception>
    public static OrderTexts? AnswerOfOrder(this SourceRows rows, long id, ChangePosition at) => Answer(() => rows.Order(new OrderId(id), at));

    /// <inheritdoc cref="AnswerOfOrder"/>
    public static MerchantTexts? AnswerOfMerchant(this SourceRows rows, long id, ChangePosition at) => Answer(() => rows.Merchant(new MerchantId(id), at));

    static TRow? Answer<TRow>(Func<TRow?> ask)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return ask();
            }
            catch (EnvironmentFailedException slow) when (slow.InnerException is null && Stopwatch.GetElapsedTime(since) < Patience)
            {
                // Not answered yet.
            }
        }
    }
}
