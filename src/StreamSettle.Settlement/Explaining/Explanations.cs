using System.Collections.Immutable;
using StreamSettle.Settlement.Calculation;
using StreamSettle.Settlement.Facts;
using StreamSettle.Settlement.Results;
using StreamSettle.Settlement.Rules;

namespace StreamSettle.Settlement.Explaining;

/// <summary>Why each line of a settlement is what it is, in words: <c>19 % included in 100.00 EUR goods, HALF_UP (rule: country=DE)</c>.</summary>
/// <remarks>Made on demand by running the same waterfall again: the texts cannot say anything that was not calculated.</remarks>
public static class Explanations
{
    /// <summary>One text for each line of <paramref name="settled"/>, in its order.</summary>
    /// <param name="settled">What the other arguments gave.</param>
    /// <exception cref="ArgumentException">They did not: these are other facts or other rules.</exception>
    public static ImmutableArray<string> Of(RuleBook rules, in OrderFacts order, in MerchantFacts merchant, IPromoterTree promoters, Settled settled) =>
        Of(rules.OfVersion(settled.RuleVersion), order, merchant, promoters, settled);

    /// <summary>As the other, under the set that <paramref name="settled"/> was calculated with.</summary>
    /// <exception cref="ArgumentException">The settlement does not come from these facts and this set.</exception>
    public static ImmutableArray<string> Of(RuleSet? set, in OrderFacts order, in MerchantFacts merchant, IPromoterTree promoters, Settled settled)
    {
        if (set is null || set.Version != settled.RuleVersion || OrderMoney.Refusal(order, out var money) is not null || money.Net == 0)
        {
            throw new ArgumentException($"these facts do not settle under version '{settled.RuleVersion}'", nameof(settled));
        }

        var key = set.KeyOf(order, merchant, money.Currency);
        var commissions = set.Commissions.Find(key);
        var levels = CommissionRoom.Needed(order, commissions);
        var room = levels <= CommissionSharing.MaxOnStack ? stackalloc CommissionShare[levels] : new CommissionShare[levels];
        var fall = Waterfall.Run(set, key, order, money, new(commissions, promoters, room));
        if (!SettlementLines.Of(fall, order).AsSpan().SequenceEqual(settled.Lines.AsSpan()))
        {
            throw new ArgumentException("these facts give other lines than those of the settlement", nameof(settled));
        }

        var texts = new string[settled.Lines.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = Text(fall, settled.Lines[i].Party);
        }

        return [.. texts];
    }

    static string Text(in Waterfall fall, Party party) => party.Kind switch
    {
        PartyKind.Tax => LineText.Tax(fall),
        PartyKind.Carrier => LineText.Carrier(fall),
        PartyKind.Platform => LineText.Platform(fall),
        PartyKind.Promoter => LineText.Promoter(fall, party.Level),
        _ => LineText.Merchant(fall),
    };
}
