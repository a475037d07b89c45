using System.Globalization;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Kernel.Holds;

/// <summary>How far a hold reaches. Kept in no store: the text is.</summary>
public enum HoldReach : byte
{
    Everything = 0,
    Merchant = 1,
    Order = 2,

    /// <summary>The calls to one system.</summary>
    Downstream = 3,
}

/// <summary>What is held, as events, the API and commands write it: <c>everything</c>, <c>merchant:437</c>, <c>order:42</c>, <c>downstream:split</c>.</summary>
/// <param name="Id">The merchant's or the order's, or the number of the leg; 0 for everything.</param>
public readonly record struct HoldScope(HoldReach Reach, long Id)
{
    const string MerchantPrefix = "merchant:";
    const string OrderPrefix = "order:";
    const string DownstreamPrefix = "downstream:";

    public static HoldScope Everything => default;

    public static HoldScope Of(MerchantId merchant) => new(HoldReach.Merchant, merchant.Value);

    public static HoldScope Of(OrderId order) => new(HoldReach.Order, order.Value);

    public static HoldScope Of(Leg downstream) => new(HoldReach.Downstream, (long)downstream);

    /// <summary>False for a text that names nothing that can be held. Names of systems are read in any case.</summary>
    public static bool TryParse(string text, out HoldScope scope)
    {
        scope = Everything;
        if (text.StartsWith(DownstreamPrefix, StringComparison.Ordinal))
        {
            var isCall = LegNames.TryParse(text[DownstreamPrefix.Length..].ToLowerInvariant(), out var leg) && leg != Leg.Calculation;
            scope = Of(leg);
            return isCall;
        }

        var (prefix, reach) = text.StartsWith(OrderPrefix, StringComparison.Ordinal) ? (OrderPrefix, HoldReach.Order) : (MerchantPrefix, HoldReach.Merchant);
        if (!text.StartsWith(prefix, StringComparison.Ordinal))
        {
            return text == "everything";
        }

        var isNumber = long.TryParse(text.AsSpan(prefix.Length), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id);
        scope = new(reach, id);
        return isNumber;
    }

    public override string ToString() => Reach switch
    {
        HoldReach.Merchant => string.Create(CultureInfo.InvariantCulture, $"{MerchantPrefix}{Id}"),
        HoldReach.Order => string.Create(CultureInfo.InvariantCulture, $"{OrderPrefix}{Id}"),
        HoldReach.Downstream => DownstreamPrefix + ((Leg)Id).Name(),
        _ => "everything",
    };
}
