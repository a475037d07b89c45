namespace StreamSettle.Settlement.Rules.Terms;

/// <summary>Whether the tax is part of the price already.</summary>
internal enum TaxMode : byte
{
    /// <summary>The base holds it: <c>b * r / (1 + r)</c>.</summary>
    Included = 1,

    /// <summary>It is kept back from the base: <c>b * r</c>.</summary>
    Withheld = 2,
}

/// <summary>What is taxed.</summary>
internal enum TaxBase : byte
{
    /// <summary>The net without shipping.</summary>
    Goods = 1,

    /// <summary>The net.</summary>
    All = 2,
}

/// <summary>Terms of a rule of <c>taxes</c>.</summary>
internal sealed record TaxTerms(int RatePpm, TaxMode Mode, TaxBase Base, Rounding Rounding);
