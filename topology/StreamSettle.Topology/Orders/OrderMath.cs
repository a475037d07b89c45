using System.Buffers.Binary;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Merchants;
using StreamSettle.Schemas.Orders;
using StreamSettle.Settlement.Calculation;
using StreamSettle.Settlement.Explaining;
using StreamSettle.Settlement.Facts;
using StreamSettle.Settlement.Results;
using StreamSettle.Settlement.Rules;
using StreamSettle.Streams.Stores;
using StreamSettle.Topology.Merchants;

namespace StreamSettle.Topology.Orders;

/// <summary>The calculation over rows: the rules, with merchants and promoters as they are known now.</summary>
sealed class OrderMath(RuleBook rules, IReadOnlyKeyValueStore merchants, IPromoterTree promoters)
{
    /// <summary>The mark of a completed order. Without a row of its merchant no tier counts.</summary>
    public UtcInstant DueAt(in OrderRow row, MerchantId merchant)
    {
        TryGetMerchant(merchant, out var facts);
        return SettlementCalculator.DueAt(rules, Facts(row, merchant), facts);
    }

    /// <summary>Divides the money; null where the merchant has no row.</summary>
    public SettlementResult? Settle(in OrderRow row, MerchantId merchant) =>
        TryGetMerchant(merchant, out var facts) ? SettlementCalculator.Settle(rules, Facts(row, merchant), facts, promoters) : null;

    /// <summary>Why each line of <paramref name="settled"/> is what it is, in the order of the lines.</summary>
    public System.Collections.Immutable.ImmutableArray<string> Explain(in OrderRow row, MerchantId merchant, Settled settled)
    {
        TryGetMerchant(merchant, out var facts);
        return Explanations.Of(rules, Facts(row, merchant), facts, promoters, settled);
    }

    bool TryGetMerchant(MerchantId id, out MerchantFacts facts)
    {
        facts = MerchantFacts.None;
        Span<byte> key = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(key, id.Value);
        if (!merchants.TryGet(key, out var value))
        {
            return false;
        }

        var positioned = PositionedRow.Read(value);
        if (positioned.Deleted)
        {
            return false;
        }

        var from = new ByteReader(positioned.Row);
        facts = MerchantFacts.Of(MerchantRow.Read(ref from).Tier);
        return true;
    }

    static OrderFacts Facts(in OrderRow row, MerchantId merchant) => new()
    {
        Merchant = merchant,
        Promoter = row.Promoter,
        CarrierId = row.CarrierId,
        BuyerCountry = row.BuyerCountry,
        Category = row.Category,
        HasCategory = row.HasCategory,
        Currency = row.Currency,
        Gross = row.Gross,
        Shipping = row.Shipping,
        Refunded = row.Refunded,
        ExportRefund = row.ExportRefund,
        CompletedAt = row.CompletedAt!.Value,
    };
}
