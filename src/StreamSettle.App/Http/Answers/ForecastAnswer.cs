using StreamSettle.App.Running;
using StreamSettle.Topology.Payouts;

namespace StreamSettle.App.Http.Answers;

/// <summary>What waits for its payout: how much, and when it goes as far as that is known.</summary>
/// <param name="Time">As of when.</param>
/// <param name="Due">Splits by the time from which on they may go, the earlier first; at the end those of which nobody can say when.</param>
/// <param name="Gathering">Merchants' splits that wait until there is enough of them, the first to go in any case first; at most as many as were asked for.</param>
/// <param name="GatheringTotal">How many of those there are.</param>
/// <param name="NotHeard">Instances whose splits are not among these, and why.</param>
sealed record ForecastAnswer(string Time, IReadOnlyList<DueAnswer> Due, IReadOnlyList<GatheringAnswer> Gathering, int GatheringTotal, IReadOnlyList<string> NotHeard)
{
    /// <param name="most">Of the groups that gather.</param>
    public static ForecastAnswer Of(PayoutsSeen seen, string time, int most) => new(
        time, [.. seen.Due.Select(due => new DueAnswer(due.At?.ToString(), due.Currency.ToString(), due.Sum.Count, due.Sum.Sum))],
        [
            .. seen.Gathering.Take(most).Select(one => new GatheringAnswer(
                one.Merchant.Value, one.Currency.ToString(), one.Sum.Count, one.Sum.Sum, one.Minimum, one.LatestAt?.ToString(), one.IsLetGo)),
        ],
        seen.Gathering.Count, []);

    /// <summary>Two instances' as one: a merchant's splits are all with one of them.</summary>
    public ForecastAnswer Plus(ForecastAnswer other, int most) => this with
    {
        Due =
        [
            .. Due.Concat(other.Due).GroupBy(due => (due.PayableAt, due.Currency)).Select(same => same.Aggregate((a, b) => a with { Splits = a.Splits + b.Splits, Amount = a.Amount + b.Amount }))
                .OrderBy(due => due.PayableAt is null).ThenBy(due => due.PayableAt, Instants.ByText).ThenBy(due => due.Currency, StringComparer.Ordinal),
        ],
        Gathering = [.. Gathering.Concat(other.Gathering).OrderBy(one => one.LatestAt is null).ThenBy(one => one.LatestAt, Instants.ByText).ThenBy(one => one.MerchantId).Take(most)],
        GatheringTotal = GatheringTotal + other.GatheringTotal,
        NotHeard = [.. NotHeard, .. other.NotHeard],
    };
}

/// <summary>Splits that may go from one instant on.</summary>
/// <param name="PayableAt">Null where nobody can say: a calendar has no data for the year, or the merchant's place is not known. The orders' histories say which.</param>
/// <param name="Amount">The merchants' shares, minor units.</param>
sealed record DueAnswer(string? PayableAt, string Currency, long Splits, Int128 Amount);

/// <summary>A merchant's splits in one currency that wait for more.</summary>
/// <param name="Amount">The merchant's shares so far, minor units.</param>
/// <param name="Minimum">What they must come to, minor units.</param>
/// <param name="LatestAt">When they go however few they are; null for never.</param>
/// <param name="Going">They are being let go.</param>
sealed record GatheringAnswer(long MerchantId, string Currency, long Splits, Int128 Amount, long Minimum, string? LatestAt, bool Going);
