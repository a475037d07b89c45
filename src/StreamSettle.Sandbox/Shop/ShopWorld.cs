using StreamSettle.Kernel.Money;

namespace StreamSettle.Sandbox.Shop;

/// <summary>Everything the shop will sell, by seed: the n-th order is the same whenever and in whatever order it is asked for.</summary>
internal sealed class ShopWorld
{
    /// <summary>An id that no merchant has.</summary>
    public const long NobodysMerchant = 900_000_001;

    const ulong MerchantStream = 1UL << 60;
    const ulong PromoterStream = 1UL << 61;
    const int Carriers = 12;
    const int DeepestPromoter = 5;
    const double BigOrders = 0.004;
    static readonly string[] Categories = ["books", "electronics", "fashion", "food", "home", "toys", "sports", "beauty"];

    readonly ShopOptions options;
    readonly ulong seed;
    readonly (OrderFate Fate, double Share)[] fates;
    readonly MerchantShares shares;

    public ShopWorld(ShopOptions options)
    {
        this.options = options;
        seed = (ulong)options.Seed;
        fates = [.. options.Fates.Table()];
        shares = new(options);
        Merchants = [.. Enumerable.Range(1, options.Merchants).Select(Merchant)];
        Promoters = MakePromoters();
    }

    public IReadOnlyList<ShopMerchant> Merchants { get; }

    public IReadOnlyList<ShopPromoter> Promoters { get; }

    /// <summary>A generator that belongs to one order alone, for what happens to it later.</summary>
    public SeededRandom LuckOf(long orderId) => new(seed ^ 0x5EED, (ulong)orderId);

    public ShopOrder Order(long id)
    {
        var random = new SeededRandom(seed, (ulong)id);
        var fate = FateOf(ref random);
        var merchant = Merchants[shares.Draw(ref random)];
        var buyer = random.Chance(0.7) ? merchant.Country : random.Pick(Country.All);
        Currency.TryParse(merchant.Country.Currency, out var currency);
        var gross = Gross(ref random, merchant.Country.Currency, currency.Digits);
        var shipping = random.Chance(0.3) ? 0 : Math.Round(gross * (decimal)(random.Unit() * 0.12), currency.Digits);
        return new()
        {
            Id = id,
            MerchantId = fate == OrderFate.UnknownMerchant ? NobodysMerchant : merchant.Id,
            PromoterId = Promoter(ref random),
            CarrierId = random.Chance(0.8) ? 1 + random.Below(Carriers) : null,
            BuyerCountry = buyer.Code,
            Category = random.Chance(0.9) ? random.Pick(Categories) : null,
            Currency = fate == OrderFate.UnknownCurrency ? "XXX" : merchant.Country.Currency,
            Gross = gross,
            Shipping = fate == OrderFate.NegativeShipping ? -1 : shipping,
            Digits = currency.Digits,
            ExportRefund = buyer.Code != merchant.Country.Code && random.Chance(0.3),
            Invoice = random.Chance(0.5) ? $$"""{"number":"INV-{{id}}","title":"Order {{id}} / {{buyer.Code}} – für Sie","taxId":"{{random.Below(1_000_000_000)}}"}""" : null,
            Fate = fate,
            FullLife = random.Chance(options.FullLives),
        };
    }

    OrderFate FateOf(ref SeededRandom random)
    {
        var at = random.Unit();
        foreach (var (fate, share) in fates)
        {
            if (at < share)
            {
                return fate;
            }

            at -= share;
        }

        return OrderFate.Settled;
    }

    static decimal Gross(ref SeededRandom random, string currency, int digits)
    {
        var usd = random.Chance(BigOrders) ? 9_000 + 60_000 * random.Unit() : 28 * Math.Exp(1.1 * random.Bell());
        return Math.Max(1, Math.Round((decimal)usd * Country.UnitsPerUsd(currency), digits));
    }

    long? Promoter(ref SeededRandom random) =>
        options.Promoters == 0 || !random.Chance(0.4) ? null
        // orders.promoter_id refers to no table: some name a promoter whose row nobody has.
        : random.Chance(0.01) ? options.Promoters + 1 + random.Below(100)
        : 1 + random.Below(options.Promoters);

    ShopMerchant Merchant(int id)
    {
        var random = new SeededRandom(seed, MerchantStream + (ulong)id);
        var country = random.Chance(0.5) ? Country.All[(id - 1) % Country.All.Count] : random.Pick(Country.All);
        return new(id, $"Merchant {id} {country.Code}", random.Chance(options.KeyAccounts) ? "KA" : "STANDARD", country);
    }

    List<ShopPromoter> MakePromoters()
    {
        var random = new SeededRandom(seed, PromoterStream);
        var made = new List<ShopPromoter>(options.Promoters);
        var depth = new int[options.Promoters + 1];
        for (var id = 1; id <= options.Promoters; id++)
        {
            var parent = id > 1 && random.Chance(0.75) ? 1 + random.Below(id - 1) : 0;
            if (depth[parent] >= DeepestPromoter)
            {
                parent = 0;
            }

            depth[id] = depth[parent] + 1;
            made.Add(new(id, parent == 0 ? null : parent, $"Promoter {id}"));
        }

        return made;
    }
}
