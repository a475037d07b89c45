using StreamSettle.Audit.Events;
using StreamSettle.Settlement.Results;

namespace StreamSettle.App.WhatIf;

/// <summary>How one side divides an order.</summary>
/// <param name="Refusal">Why it does not; null where it does.</param>
/// <param name="Amounts">By party, in the order of the lines.</param>
/// <param name="DueAt">The mark; null where it does not divide.</param>
/// <param name="Priority">It would go in the priority lane.</param>
sealed record Division(string? Refusal, IReadOnlyList<(string Party, long Amount)> Amounts, string? DueAt, bool Priority)
{
    const string ExportRefund = "export-refund";

    public static Division Of(SettlementCalculated calculated) =>
        new(null, [.. calculated.Lines.Select(line => (line.Party, line.Amount)), .. Claim(calculated.ExportRefund)], calculated.DueAt, calculated.Priority);

    public static Division Of(SettlementResult result) => result switch
    {
        Settled settled => new(
            null, [.. settled.Lines.Select(line => (line.Party.ToString(), line.Amount)), .. Claim(settled.ExportRefund)], settled.DueAt.ToString(), settled.Priority),
        Refused refused => new(refused.Reason, [], null, false),
        _ => new("nothing to settle", [], null, false),
    };

    static IEnumerable<(string Party, long Amount)> Claim(long amount) => amount == 0 ? [] : [(ExportRefund, amount)];

    /// <summary>Every party of either, with its amount in both.</summary>
    public static IReadOnlyList<PartyAmounts> Beside(Division a, Division b)
    {
        var other = b.Amounts.ToDictionary(line => line.Party, line => line.Amount, StringComparer.Ordinal);
        List<PartyAmounts> parties = [.. a.Amounts.Select(line => new PartyAmounts(line.Party, line.Amount, other.Remove(line.Party, out var amount) ? amount : 0))];
        parties.AddRange(b.Amounts.Where(line => other.ContainsKey(line.Party)).Select(line => new PartyAmounts(line.Party, 0, line.Amount)));
        return parties;
    }
}
