using StreamSettle.Kernel.Time;

namespace StreamSettle.Sandbox.Auditing.Histories;

/// <summary>
/// When the part of the program that lets calls go saw that those before them were confirmed, which on a busy machine may be seconds after the part that made these had recorded it. The log tells it of some: of a
/// settlement's last call, and of a verification whose split has to wait for its payout. A merchant's confirmations are seen one after the other, so what was confirmed later was not seen earlier.
/// </summary>
internal sealed class SeenConfirmations
{
    readonly Dictionary<long, (UtcInstant[] Confirmed, UtcInstant[] Seen)> merchants;

    public SeenConfirmations(IEnumerable<OrderHistory> histories) =>
        merchants = histories.Where(history => history.Calculated is not null)
            .GroupBy(history => history.Calculated!.MerchantId)
            .ToDictionary(merchant => merchant.Key, merchant => Prefixes(merchant.SelectMany(history => history.Seen)));

    /// <summary>No earlier than this was it seen.</summary>
    /// <param name="confirmedAt">As it was recorded.</param>
    public UtcInstant Earliest(long merchant, UtcInstant confirmedAt)
    {
        if (!merchants.TryGetValue(merchant, out var known))
        {
            return confirmedAt;
        }

        var at = Array.BinarySearch(known.Confirmed, confirmedAt);
        at = at < 0 ? ~at - 1 : at;
        return at >= 0 && known.Seen[at] > confirmedAt ? known.Seen[at] : confirmedAt;
    }

    static (UtcInstant[] Confirmed, UtcInstant[] Seen) Prefixes(IEnumerable<(UtcInstant ConfirmedAt, UtcInstant SeenAt)> pairs)
    {
        var ordered = pairs.OrderBy(pair => pair.ConfirmedAt).ToArray();
        var latest = UtcInstant.MinValue;
        return ([.. ordered.Select(pair => pair.ConfirmedAt)], [.. ordered.Select(pair => latest = pair.SeenAt > latest ? pair.SeenAt : latest)]);
    }
}
