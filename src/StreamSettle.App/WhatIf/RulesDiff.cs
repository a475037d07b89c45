using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.App.WhatIf;

/// <summary>
/// Divides the recorded orders of a period by two rules and tells where they differ. Takes them by merchant and keeps one merchant's sums, so its memory goes by the parties of a
/// merchant and not by the number of orders. Reads and computes, nothing else.
/// </summary>
sealed class RulesDiff(RuleChoice a, RuleChoice b, IRulesDiffReport report)
{
    readonly PartySums ofMerchant = new();
    readonly PartySums ofAll = new();
    long? merchant;
    (long Orders, long Differing, long MovedMarks, long Unknown, long Strange) count;
    long? firstStrange;

    /// <summary>The next order; all of one merchant come together.</summary>
    public void Add(OrderId id, SettlementCalculated calculated)
    {
        if (merchant is { } before && before != calculated.MerchantId)
        {
            report.Merchant(before, ofMerchant.Take(before));
        }

        merchant = calculated.MerchantId;
        count.Orders++;
        var order = calculated.Basis is { } basis ? new RecordedOrder(id, calculated, basis) : null;
        if (Divide(a, order, calculated, id) is not { } first || Divide(b, order, calculated, id) is not { } second)
        {
            count.Unknown++;
            return;
        }

        Compare(id, calculated, first, second);
    }

    public void End()
    {
        if (merchant is { } last)
        {
            report.Merchant(last, ofMerchant.Take(last));
        }

        report.End(new(count.Orders, count.Differing, count.MovedMarks, count.Unknown, count.Strange, firstStrange, ofAll.Take(merchant: null)));
    }

    void Compare(OrderId id, SettlementCalculated calculated, Division first, Division second)
    {
        var parties = Division.Beside(first, second);
        foreach (var party in parties)
        {
            ofMerchant.Add(calculated.Currency, party);
            ofAll.Add(calculated.Currency, party with { Party = party.Party.Split(':')[0] });
        }

        count.MovedMarks += first.DueAt == second.DueAt ? 0 : 1;
        PartyAmounts[] differing = [.. parties.Where(party => party.A != party.B)];
        if (differing.Length > 0)
        {
            count.Differing++;
            report.Order(new(id.Value, calculated.MerchantId, calculated.Currency, calculated.CompletedAt, differing, first, second));
        }
    }

    Division? Divide(RuleChoice choice, RecordedOrder? order, SettlementCalculated calculated, OrderId id)
    {
        if (choice is RuleChoice.Recorded)
        {
            return Division.Of(calculated);
        }

        if (order is null)
        {
            return null;
        }

        var set = choice.For(order.CompletedAt);
        if (order.Divide(set) is not { } result)
        {
            return null;
        }

        var division = Division.Of(result);
        if (set?.Version == calculated.RuleVersion && !division.Amounts.SequenceEqual(Division.Of(calculated).Amounts))
        {
            count.Strange++;
            firstStrange ??= id.Value;
        }

        return division;
    }
}
