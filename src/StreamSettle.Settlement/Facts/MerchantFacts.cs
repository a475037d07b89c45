namespace StreamSettle.Settlement.Facts;

/// <summary>What the calculation needs to know of the order's merchant.</summary>
public readonly ref struct MerchantFacts
{
    /// <summary>No row of the merchant is known: no rule for a tier matches, and it is no key account.</summary>
    public static MerchantFacts None => default;

    /// <summary>False: <see cref="Tier"/> equals nothing.</summary>
    public bool HasTier { get; private init; }

    /// <summary>As the column has it, UTF-8.</summary>
    public ReadOnlySpan<byte> Tier { get; private init; }

    /// <summary>Key accounts are always priority.</summary>
    public bool IsKeyAccount => HasTier && Tier.SequenceEqual(KeyAccountTier);

    static ReadOnlySpan<byte> KeyAccountTier => "KA"u8;

    /// <summary>The same of a tier that was recorded; null is none.</summary>
    public static bool IsKeyAccountTier(string? tier) => tier is not null && System.Text.Encoding.UTF8.GetBytes(tier).AsSpan().SequenceEqual(KeyAccountTier);

    /// <summary>The facts of a merchant whose row is known.</summary>
    public static MerchantFacts Of(ReadOnlySpan<byte> tier) => new() { HasTier = true, Tier = tier };
}
