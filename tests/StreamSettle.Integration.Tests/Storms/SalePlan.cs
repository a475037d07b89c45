namespace StreamSettle.Integration.Tests.Storms;

/// <summary>Draws orders and their fates, the same ones for the same seed. Half of them meet something, before or after their mark.</summary>
sealed class SalePlan(int seed, TimeSpan delay)
{
    static readonly (string Currency, int Digits)[] Currencies = [("EUR", 2), ("USD", 2), ("JPY", 0), ("GBP", 2), ("KWD", 3)];
    static readonly string[] Countries = ["DE", "FR", "US", "JP", "GB", "IT"];
    static readonly string?[] Categories = ["books", "food", "toys", null];

    readonly Random random = new(seed);
    long last;

    public Sale Next()
    {
        var (currency, digits) = Currencies[random.Next(Currencies.Length)];
        var gross = Math.Round((decimal)(5 + 200 * random.NextDouble()), digits);
        var sale = new Sale(++last)
        {
            MerchantId = 1 + random.Next(200),
            PromoterId = random.Next(3) == 0 ? 1 + random.Next(500) : null,
            CarrierId = random.Next(4) == 0 ? null : 1 + random.Next(12),
            Country = Countries[random.Next(Countries.Length)],
            Category = Categories[random.Next(Categories.Length)],
            Currency = currency,
            Shipping = Math.Round(gross * (decimal)(random.NextDouble() / 8), digits),
        };
        var completed = new OrderVersion("COMPLETED", gross, 0);
        sale.ToCome.Enqueue((TimeSpan.Zero, completed with { Status = "PAID" }));
        sale.ToCome.Enqueue((TimeSpan.Zero, completed));
        foreach (var later in Fate(completed, digits))
        {
            sale.ToCome.Enqueue(later);
        }

        return sale;
    }

    IEnumerable<(TimeSpan After, OrderVersion To)> Fate(OrderVersion completed, int digits)
    {
        const double aroundTheMark = 1.4;
        var at = random.NextDouble() * aroundTheMark * delay;
        decimal Part(double share) => Math.Round(completed.Gross * (decimal)share, digits);
        return random.Next(16) switch
        {
            0 or 1 => [(at, completed with { Status = "CANCELLED" })],
            2 => [(at, completed with { Refunded = Part(0.6) })],
            3 => [(at / 2, completed with { Refunded = Part(0.2) }), (at, completed with { Refunded = Part(0.7) })],
            4 => [(at, completed with { Status = "REFUNDED", Refunded = completed.Gross })],
            5 => [(at, completed with { Status = null })],
            6 => [(at / 2, completed with { Status = "DISPUTED" }), (at, completed)],
            7 => [(at, completed with { Gross = Part(1.5) })],
            _ => [],
        };
    }
}
