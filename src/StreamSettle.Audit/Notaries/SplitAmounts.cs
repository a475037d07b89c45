using System.Globalization;
using StreamSettle.Kernel.Money;

namespace StreamSettle.Audit.Notaries;

/// <summary>Above which net amount, in minor units of each currency, a split is notarised by itself; in other currencies none is.</summary>
public sealed record SplitAmounts
{
    const string NoneText = "none";

    readonly string text;

    SplitAmounts(IEnumerable<(Currency Currency, long Minor)> amounts)
    {
        All = [.. amounts.OrderBy(one => one.Currency.ToString(), StringComparer.Ordinal)];
        text = All.Count == 0 ? NoneText : string.Join(',', All.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Currency}={one.Minor}")));
    }

    public static SplitAmounts None { get; } = new([]);

    /// <summary>By the currencies' codes.</summary>
    public IReadOnlyList<(Currency Currency, long Minor)> All { get; }

    public static SplitAmounts Of(IEnumerable<(Currency Currency, long Minor)> amounts) => new(amounts);

    /// <summary>Reads what <see cref="ToString"/> writes, to the letter; null for anything else.</summary>
    public static SplitAmounts? Read(string text)
    {
        List<(Currency, long)> amounts = [];
        foreach (var one in text == NoneText ? [] : text.Split(','))
        {
            if (one.Split('=') is not [var code, var minor] || !Currency.TryParse(code, out var currency) || !long.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                return null;
            }

            amounts.Add((currency, value));
        }

        return new SplitAmounts(amounts) is var read && read.text == text ? read : null;
    }

    public bool Equals(SplitAmounts? other) => text == other?.text;

    public override int GetHashCode() => All.Count;

    /// <summary><c>EUR=1000000,USD=1200000</c>, or <c>none</c>.</summary>
    public override string ToString() => text;
}
