using System.Buffers.Binary;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Merchants;
using StreamSettle.Schemas.Orders;
using StreamSettle.Settlement.Calculation;
using StreamSettle.Settlement.Facts;
using StreamSettle.Settlement.Rules;
using StreamSettle.Streams.Stores;
using StreamSettle.Topology.Merchants;
using StreamSettle.Topology.Promoters;

namespace StreamSettle.Topology.Orders;

/// <summary>Begins calculations over rows: the rules, with merchants and promoters as they are known now. One a task, one calculation at a time.</summary>
sealed class OrderMath(RuleBook rules, IReadOnlyKeyValueStore merchants, IReadOnlyKeyValueStore promoters)
{
    readonly ByteBuffer tier = new();
    readonly PromoterChain chain = new(promoters);

    /// <summary>Takes what the calculation rests on, once: other threads go on with merchants and promoters meanwhile.</summary>
    public OrderCalculation Begin(in OrderRow row, MerchantId merchant)
    {
        chain.Begin();
        return new(rules.InForce(row.CompletedAt!.Value), Facts(row, merchant), TakeMerchant(merchant, out var isKnown), isKnown, chain);
    }

    /// <summary>The mark of a completed order. Without a row of its merchant no tier counts.</summary>
    public UtcInstant DueAt(in OrderRow row, MerchantId merchant) =>
        SettlementCalculator.DueAt(rules, Facts(row, merchant), TakeMerchant(merchant, out _));

    MerchantFacts TakeMerchant(MerchantId id, out bool isKnown)
    {
        isKnown = false;
        Span<byte> key = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(key, id.Value);
        if (!merchants.TryGet(key, out var value))
        {
            return MerchantFacts.None;
        }

        var positioned = PositionedRow.Read(value);
        if (positioned.Deleted)
        {
            return MerchantFacts.None;
        }

        isKnown = true;
        var from = new ByteReader(positioned.Row);
        tier.Clear();
        new ByteWriter(tier).Raw(MerchantRow.Read(ref from).Tier);
        return MerchantFacts.Of(tier.Written);
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
