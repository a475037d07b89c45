using StreamSettle.Kernel.Money;
using StreamSettle.Settlement.Facts;
using StreamSettle.Settlement.Results;

namespace StreamSettle.Settlement.Calculation;

/// <summary>An order's amounts in minor units, found good: 0 &lt; gross, shipping and refunded from 0 to gross.</summary>
internal readonly record struct OrderMoney(Currency Currency, long Gross, long Shipping, long Refunded)
{
    public long Net => Gross - Refunded;

    /// <summary>Null when the amounts are good, else why not.</summary>
    public static string? Refusal(in OrderFacts order, out OrderMoney money)
    {
        money = default;
        if (!Currency.TryParse(order.Currency, out var currency))
        {
            return RefusalReasons.UnknownCurrency;
        }

        if (!order.Gross.TryToMinor(currency.Digits, out var gross) || gross <= 0
            || !order.Refunded.TryToMinor(currency.Digits, out var refunded) || refunded < 0 || refunded > gross
            || !order.Shipping.TryToMinor(currency.Digits, out var shipping) || shipping < 0 || shipping > gross)
        {
            return RefusalReasons.BadAmount;
        }

        money = new(currency, gross, shipping, refunded);
        return null;
    }
}
