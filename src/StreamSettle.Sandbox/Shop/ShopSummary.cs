using System.Globalization;
using System.Text;

namespace StreamSettle.Sandbox.Shop;

/// <summary>What the shop did.</summary>
/// <param name="FirstOrderId">The orders' ids go on from here without a gap (but for keys that were changed).</param>
/// <param name="Fates">Orders by what was meant to become of them.</param>
/// <param name="Interrupted">It was stopped before everything had happened.</param>
public sealed record ShopSummary(
    long FirstOrderId, int Created, int Completed, int Edited, IReadOnlyDictionary<OrderFate, int> Fates, TimeSpan Elapsed, TimeSpan SellingTime, bool Interrupted)
{
    /// <summary>Orders inserted a second while it was selling.</summary>
    public double OrdersPerSecond => SellingTime > TimeSpan.Zero ? Created / SellingTime.TotalSeconds : 0;

    /// <summary>Some lines for people.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Created} orders sold in {SellingTime.TotalSeconds:F1} s ({OrdersPerSecond:F0}/s), {Completed} completed, {Edited} changed later{(Interrupted ? ", interrupted" : "")}");
        foreach (var (fate, count) in Fates.OrderByDescending(fate => fate.Value).ThenBy(fate => fate.Key))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {fate,-26} {count,9}");
        }

        return text.ToString();
    }
}
