using StreamSettle.Settlement.Rules;
using StreamSettle.Settlement.Rules.Terms;

namespace StreamSettle.Settlement.Tests.Calculation;

/// <summary>One rule of each list, for every order in EUR: as plain numbers for the model, and as a rule set for the program.</summary>
sealed record ModelRules(
    int TaxPpm, bool TaxIncluded, bool TaxGoods, Rounding TaxRounding,
    bool CarrierShipping, int CarrierPpm, long CarrierFixed,
    int FeePpm, long FeeFixed, long? FeeMin, long? FeeMax,
    (int RatePpm, long? Cap)[] Levels, bool FundedByPlatform, int ExportPpm)
{
    public RuleBook ToBook() => RuleBooks.With($$$"""
        "taxes": [{"when": {}, "ratePpm": {{{TaxPpm}}}, "mode": "{{{(TaxIncluded ? "INCLUDED" : "WITHHELD")}}}", "base": "{{{(TaxGoods ? "GOODS" : "ALL")}}}", "rounding": "{{{Word(TaxRounding)}}}"}],
        "logistics": [{"when": {}, "basis": "{{{(CarrierShipping ? "SHIPPING" : "NET")}}}", "ratePpm": {{{CarrierPpm}}}, "fixed": {{{Amount(CarrierFixed)}}}}],
        "fees": [{"when": {}, "ratePpm": {{{FeePpm}}}, "fixed": {"EUR": {{{FeeFixed}}}}, "min": {{{Amount(FeeMin)}}}, "max": {{{Amount(FeeMax)}}}}],
        "commissions": [{"when": {}, "levels": [{{{string.Join(", ", Levels.Select(Level))}}}], "fundedBy": "{{{(FundedByPlatform ? "PLATFORM" : "MERCHANT")}}}"}],
        "exportRefunds": [{"when": {}, "ratePpm": {{{ExportPpm}}}}]
        """);

    static string Level((int RatePpm, long? Cap) level) => $$$"""{"ratePpm": {{{level.RatePpm}}}, "cap": {{{Amount(level.Cap)}}}}""";

    static string Amount(long? amount) => amount is { } there ? $$$"""{"EUR": {{{there}}}}""" : "{}";

    static string Word(Rounding rounding) => rounding switch
    {
        Rounding.HalfUp => "HALF_UP",
        Rounding.HalfEven => "HALF_EVEN",
        Rounding.Down => "DOWN",
        _ => "UP",
    };
}
