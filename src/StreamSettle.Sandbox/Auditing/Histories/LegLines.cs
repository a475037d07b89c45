using StreamSettle.Kernel.Calls;
using StreamSettle.Sandbox.Auditing.World;

namespace StreamSettle.Sandbox.Auditing.Histories;

/// <summary>Which line goes to which system.</summary>
internal static class LegLines
{
    /// <summary>The legs that move an order's money.</summary>
    public static IReadOnlyList<Leg> Money { get; } = [Leg.Split, Leg.Commission, Leg.Tax];

    public static Leg LegOf(string party) =>
        party.StartsWith("tax:", StringComparison.Ordinal) ? Leg.Tax
        : party.StartsWith("promoter:", StringComparison.Ordinal) ? Leg.Commission
        : Leg.Split;

    /// <summary>What is sent on a leg: lines of 0 are not.</summary>
    public static IEnumerable<MoneyLine> Of(IEnumerable<MoneyLine> lines, Leg leg) => lines.Where(line => line.Amount != 0 && LegOf(line.Party) == leg);

    public static Int128 Sum(IEnumerable<MoneyLine> lines) => lines.Aggregate((Int128)0, (sum, line) => sum + line.Amount);

    /// <summary>The kind of a party, for sums: tax, carrier, platform, promoter, merchant.</summary>
    public static string Kind(string party) => party.Split(':', 2)[0];
}
