using System.Globalization;
using System.Text;
using Npgsql;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Money;
using StreamSettle.Sandbox.Auditing.World;
using StreamSettle.Settlement.Calculation;
using StreamSettle.Settlement.Facts;
using StreamSettle.Settlement.Rules;

namespace StreamSettle.Integration.Tests.Storms;

/// <summary>What an order must have come to: the pure calculation, which the vectors prove, over what the shop's database says of merchants and promoters.</summary>
sealed class ReferenceCalculation : IPromoterTree
{
    readonly RuleBook rules;
    readonly Dictionary<long, string> tiers = [];
    readonly Dictionary<long, long?> parents = [];

    ReferenceCalculation(RuleBook rules) => this.rules = rules;

    public static async Task<ReferenceCalculation> ReadAsync(NpgsqlDataSource database, RuleBook rules)
    {
        var reference = new ReferenceCalculation(rules);
        await using var command = database.CreateCommand("select merchant_id, tier, null from merchants union all select promoter_id, null, parent_id from promoters");
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            if (row.IsDBNull(1))
            {
                reference.parents.Add(row.GetInt64(0), row.IsDBNull(2) ? null : row.GetInt64(2));
            }
            else
            {
                reference.tiers.Add(row.GetInt64(0), row.GetString(1));
            }
        }

        return reference;
    }

    public long Minor(Sale sale, decimal amount) =>
        Currency.TryParse(sale.Currency, out var currency) && Amount(amount).TryToMinor(currency.Digits, out var minor) ? minor : throw new InvalidOperationException($"{amount} {sale.Currency}");

    public IReadOnlyList<MoneyLine> Lines(Sale sale, OrderVersion version)
    {
        var order = new OrderFacts
        {
            Merchant = new(sale.MerchantId), Promoter = sale.PromoterId is { } promoter ? new PromoterId(promoter) : null, CarrierId = sale.CarrierId,
            BuyerCountry = Encoding.UTF8.GetBytes(sale.Country), Category = Encoding.UTF8.GetBytes(sale.Category ?? ""), HasCategory = sale.Category is not null,
            Currency = Encoding.UTF8.GetBytes(sale.Currency), Gross = Amount(version.Gross), Shipping = Amount(sale.Shipping), Refunded = Amount(version.Refunded),
            CompletedAt = sale.CompletedAt!.Value,
        };
        var result = SettlementCalculator.Settle(rules, order, MerchantFacts.Of(Encoding.UTF8.GetBytes(tiers[sale.MerchantId])), this);
        return result is Settlement.Results.Settled settled ? [.. settled.Lines.Select(line => new MoneyLine(line.Party.ToString(), line.Amount))] : [];
    }

    public bool TryGetParent(PromoterId id, out PromoterId? parent)
    {
        var known = parents.TryGetValue(id.Value, out var above);
        parent = above is { } value ? new PromoterId(value) : null;
        return known;
    }

    static DecimalAmount Amount(decimal amount) =>
        DecimalAmount.TryParse(Encoding.ASCII.GetBytes(amount.ToString(CultureInfo.InvariantCulture)), out var read) ? read : throw new InvalidOperationException($"{amount}");
}
