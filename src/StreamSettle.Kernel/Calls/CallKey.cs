using System.Globalization;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Kernel.Calls;

/// <summary>The idempotency key of a call, <c>&lt;orderId&gt;:&lt;leg&gt;:&lt;n&gt;</c>: an effect has one, forever (I3, I4).</summary>
/// <param name="N">0 for the settlement, 1 and up for its reversals.</param>
public readonly record struct CallKey(OrderId Order, Leg Leg, int N)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Order.Value}:{Leg.Name()}:{N}");

    public static bool TryParse(string text, out CallKey key)
    {
        key = default;
        var parts = text.Split(':');
        if (parts.Length != 3
            || !long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var order)
            || !LegNames.TryParse(parts[1], out var leg)
            || !int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var n))
        {
            return false;
        }

        key = new(new(order), leg, n);
        return key.ToString() == text;
    }
}
