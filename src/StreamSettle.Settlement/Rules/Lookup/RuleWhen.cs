using System.Globalization;
using StreamSettle.Kernel.Money;

namespace StreamSettle.Settlement.Rules.Lookup;

/// <summary>Which orders a rule is for: all that equal each part that is given.</summary>
internal sealed record RuleWhen(long? MerchantId, string? Category, string? Tier, string? Country, Currency? Currency)
{
    /// <summary>As a person reads it: <c>tier=KA, currency=EUR</c>.</summary>
    public override string ToString()
    {
        string?[] parts =
        [
            MerchantId is { } merchant ? string.Create(CultureInfo.InvariantCulture, $"merchantId={merchant}") : null,
            Category is null ? null : $"category={Category}",
            Tier is null ? null : $"tier={Tier}",
            Country is null ? null : $"country={Country}",
            Currency is { } currency ? $"currency={currency}" : null,
        ];
        var text = string.Join(", ", parts.Where(part => part is not null));
        return text.Length == 0 ? "every order" : text;
    }
}
