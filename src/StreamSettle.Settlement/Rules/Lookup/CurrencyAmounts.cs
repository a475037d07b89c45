using StreamSettle.Kernel.Money;

namespace StreamSettle.Settlement.Rules.Lookup;

/// <summary>Minor units by currency. A currency that is not listed has none; a listed 0 is a 0.</summary>
internal sealed class CurrencyAmounts
{
    readonly int[] currencies;
    readonly long[] amounts;

    public CurrencyAmounts(IReadOnlyDictionary<Currency, long> byCurrency)
    {
        var sorted = byCurrency.OrderBy(pair => pair.Key.Index).ToArray();
        currencies = [.. sorted.Select(pair => pair.Key.Index)];
        amounts = [.. sorted.Select(pair => pair.Value)];
    }

    public static CurrencyAmounts None { get; } = new(new Dictionary<Currency, long>());

    public bool TryGet(Currency currency, out long amount)
    {
        var at = currencies.AsSpan().BinarySearch(currency.Index);
        amount = at >= 0 ? amounts[at] : 0;
        return at >= 0;
    }

    /// <summary>The amount, 0 where the currency is not listed.</summary>
    public long OrZero(Currency currency) => TryGet(currency, out var amount) ? amount : 0;
}
