using System.Text;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Facts;

namespace StreamSettle.Benchmarks.Jobs;

/// <summary>An order as a shop has them: 9 of 10 with a carrier, half with a promoter, one in 20 of a key account, one in 20 partly refunded.</summary>
sealed class SettlementOrder
{
    const int SampleSize = 10_000;
    const int PromoterCount = 500;
    const int MerchantCount = 1_000;

    static readonly UtcInstant From = UtcInstant.Parse("2026-03-01T00:00:00Z");
    static readonly string[] Countries = ["DE", "FR", "IT", "ES", "NL", "GB", "US", "JP", "CN", "CA", "SG", "AU"];
    static readonly string?[] Categories = [null, "books", "toys", "luxury", "home & garden", "food"];
    static readonly string[] Currencies = ["EUR", "EUR", "USD", "GBP", "JPY", "CNY", "KWD"];

    byte[] country = [];
    byte[] currency = [];
    byte[]? category;
    byte[] tier = [];
    DecimalAmount gross;
    DecimalAmount shipping;
    DecimalAmount refunded;
    MerchantId merchant;
    PromoterId? promoter;
    long? carrier;
    UtcInstant completedAt;

    public static IPromoterTree Tree { get; } = new Promoters();

    /// <summary>What the lines must sum to.</summary>
    public long NetMinor { get; private init; }

    public MerchantFacts Merchant => MerchantFacts.Of(tier);

    public OrderFacts Facts => new()
    {
        Merchant = merchant,
        Promoter = promoter,
        CarrierId = carrier,
        BuyerCountry = country,
        Category = category,
        HasCategory = category is not null,
        Currency = currency,
        Gross = gross,
        Shipping = shipping,
        Refunded = refunded,
        ExportRefund = carrier is null,
        CompletedAt = completedAt,
    };

    public static SettlementOrder[] Sample(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, SampleSize).Select(i => Next(random, i))];
    }

    static SettlementOrder Next(Random random, int i)
    {
        var code = Pick(random, Currencies);
        Currency.TryParse(code, out var currency);
        long gross = random.Next(500, 500_000);
        var refunded = random.Next(20) == 0 ? random.NextInt64(gross) : 0;
        var category = Pick(random, Categories);
        return new()
        {
            country = Encoding.UTF8.GetBytes(Pick(random, Countries)),
            currency = Encoding.UTF8.GetBytes(code),
            category = category is null ? null : Encoding.UTF8.GetBytes(category),
            tier = random.Next(20) == 0 ? "KA"u8.ToArray() : "STANDARD"u8.ToArray(),
            gross = Column(gross, currency),
            shipping = Column(random.NextInt64(gross / 10), currency),
            refunded = Column(refunded, currency),
            merchant = new(random.Next(MerchantCount)),
            promoter = random.Next(2) == 0 ? new PromoterId(random.Next(PromoterCount)) : null,
            carrier = random.Next(10) == 0 ? null : random.Next(1, 20),
            completedAt = From + TimeSpan.FromSeconds(i),
            NetMinor = gross - refunded,
        };
    }

    // As the column is declared, numeric(20,4).
    static DecimalAmount Column(long minor, Currency currency) => new(minor * (long)Math.Pow(10, 4 - currency.Digits), 4);

    static T Pick<T>(Random random, T[] from) => from[random.Next(from.Length)];

    sealed class Promoters : IPromoterTree
    {
        readonly PromoterId?[] parents =
            [.. Enumerable.Range(0, PromoterCount).Select(id => id < 10 ? default(PromoterId?) : new PromoterId(id / 10))];

        public bool TryGetParent(PromoterId id, out PromoterId? parent)
        {
            parent = parents[id.Value];
            return true;
        }
    }
}
