using System.Globalization;
using StreamSettle.Kernel.Money;

namespace StreamSettle.Settlement.Rules.Lookup;

/// <summary>Which orders a rule is for: all that equal each part that is given.</summary>
internal sealed record RuleWhen(long? MerchantId, string? Category, string? Tier, string? Country, Currency? Currency)
{
    // Every line of every settlement says it.
    readonly string text = Text(MerchantId, Category, Tier, Country, Currency);

    /// <summary>As a person reads it: <c>tier=KA, currency=EUR</c>.</summary>
    public override string ToString() => text;

    static string Text(long? merchantId, string? category, string? tier, string? country, Currency? ofCurrency)
    {
        string?[] parts =
        [
            merchantId is { } merchant ? string.Create(CultureInfo.InvariantCulture, $"merchantId={merchant}") : null,
            category is null ? null : $"category={category}",
            tier is null ? null : $"tier={tier}",
            country is null ? null : $"country={country}",
            ofCurrency is { } currency ? $"currency={currency}" : null,
        ];
        var text = string.Join(", ", parts.Where(part => part is not null));
        return text.Length == 0 ? "every order" : text;
    }
}
