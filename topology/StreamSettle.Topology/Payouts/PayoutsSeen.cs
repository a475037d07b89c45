using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Topology.Payouts;

/// <summary>What waits for its payout: how much, and when it goes as far as that is known.</summary>
/// <param name="Due">Splits by the time from which on they may go, the earlier first.</param>
/// <param name="Gathering">Merchants' splits that wait until there is enough of them.</param>
public sealed record PayoutsSeen(IReadOnlyList<DuePayouts> Due, IReadOnlyList<GatheringSeen> Gathering)
{
    internal static PayoutsSeen Of(IEnumerable<TaskPayouts> tasks)
    {
        var all = tasks.ToList();
        var due = all.SelectMany(task => task.Due).GroupBy(one => one.Key, one => one.Value)
            .Select(same => new DuePayouts(same.Key.At == TaskPayouts.Undated ? null : same.Key.At, same.Key.Currency, same.Aggregate((one, other) => one + other)));
        var groups = all.SelectMany(task => task.Groups)
            .Select(one => new GatheringSeen(one.Key.Merchant, one.Key.Currency, new(one.Value.Count, one.Value.Sum), one.Value.Minimum, one.Value.LatestAt, one.Value.IsOpen));
        return new(
            [.. due.OrderBy(one => one.At ?? TaskPayouts.Undated).ThenBy(one => one.Currency.ToString(), StringComparer.Ordinal)],
            [.. groups.OrderBy(one => one.LatestAt ?? TaskPayouts.Undated).ThenBy(one => one.Merchant.Value).ThenBy(one => one.Currency.ToString(), StringComparer.Ordinal)]);
    }
}

/// <summary>Splits that may go from one instant on.</summary>
/// <param name="At">Null where nobody can say.</param>
/// <param name="Sum">With the merchants' shares, minor units.</param>
public sealed record DuePayouts(UtcInstant? At, Currency Currency, PayoutSum Sum);

/// <summary>A merchant's splits in one currency that wait for more.</summary>
/// <param name="Minimum">What they must come to, minor units.</param>
/// <param name="LatestAt">When they go however few they are; null for never.</param>
/// <param name="IsLetGo">They are going.</param>
public sealed record GatheringSeen(MerchantId Merchant, Currency Currency, PayoutSum Sum, long Minimum, UtcInstant? LatestAt, bool IsLetGo);
