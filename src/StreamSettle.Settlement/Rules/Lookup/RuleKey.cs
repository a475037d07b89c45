namespace StreamSettle.Settlement.Rules.Lookup;

/// <summary>What rules can ask of an order, as small numbers of one rule set; 0 stands for what no rule of the set names.</summary>
internal readonly record struct RuleKey(int Merchant, int Category, int Tier, int Country, int Currency)
{
    public const int MerchantWeight = 16;
    public const int CategoryWeight = 8;
    public const int TierWeight = 4;
    public const int CountryWeight = 2;
    public const int CurrencyWeight = 1;

    /// <summary>The weights of what is there: a sum names its parts, because each is a bit.</summary>
    public int Weight =>
        (Merchant != 0 ? MerchantWeight : 0) | (Category != 0 ? CategoryWeight : 0) | (Tier != 0 ? TierWeight : 0)
        | (Country != 0 ? CountryWeight : 0) | (Currency != 0 ? CurrencyWeight : 0);

    /// <summary>The key with nothing but the parts in <paramref name="weight"/>.</summary>
    public RuleKey Only(int weight) => new(
        Merchant & Mask(weight, MerchantWeight),
        Category & Mask(weight, CategoryWeight),
        Tier & Mask(weight, TierWeight),
        Country & Mask(weight, CountryWeight),
        Currency & Mask(weight, CurrencyWeight));

    public bool Equals(RuleKey other) =>
        Merchant == other.Merchant && Category == other.Category && Tier == other.Tier && Country == other.Country && Currency == other.Currency;

    // Numbers are dense and few, so odd multipliers spread them; a seeded hash would cost more than the probe.
    public override int GetHashCode() =>
        (int)((uint)Merchant * 2654435761u + (uint)Category * 2246822519u + (uint)Tier * 3266489917u + (uint)Country * 668265263u + (uint)Currency * 374761393u);

    static int Mask(int weight, int part) => (weight & part) != 0 ? -1 : 0;
}
