using System.Text.Json;
using StreamSettle.Kernel.Money;

namespace StreamSettle.Settlement.Tests.Vectors;

[Trait("Category", "Vectors")]
public class CurrencyTableTests
{
    [Fact]
    public void Every_listed_currency_is_known_with_its_digits()
    {
        var listed = JsonSerializer.Deserialize<Dictionary<string, int>>(File.ReadAllText(SettlementVectors.Of("currencies.json")))!;

        var disagreed = listed.Where(pair => !Currency.TryParse(pair.Key, out var currency) || currency.Digits != pair.Value)
            .Select(pair => $"{pair.Key} has {pair.Value} digits").ToList();

        VectorFolder.Report("currencies.json", listed.Count, listed.Count, disagreed);
    }
}
