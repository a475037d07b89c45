using StreamSettle.Kernel.Time;

namespace StreamSettle.Sandbox.Auditing.Histories;

/// <summary>
/// When the part of the program that lets calls go saw that those before them were confirmed, which on a busy machine may be seconds after the part that made these had recorded it. The log tells it of some: of a
/// settlement's last call, and of a verification whose split has to wait for its payout. All come the same way, so of any other it is taken to be as late as of the latest that was confirmed before it.
/// </summary>
internal sealed class SeenConfirmations
{
    readonly UtcInstant[] confirmed;
    readonly UtcInstant[] seen;

    public SeenConfirmations(IEnumerable<OrderHistory> histories)
    {
        var pairs = histories.SelectMany(history => history.Seen).OrderBy(pair => pair.ConfirmedAt).ToArray();
        confirmed = Array.ConvertAll(pairs, pair => pair.ConfirmedAt);
        var latest = UtcInstant.MinValue;
        seen = Array.ConvertAll(pairs, pair => latest = pair.SeenAt > latest ? pair.SeenAt : latest);
    }

    /// <summary>By when it was seen, at the latest as far as the log tells.</summary>
    /// <param name="confirmedAt">As it was recorded.</param>
    public UtcInstant Of(UtcInstant confirmedAt)
    {
        var at = Array.BinarySearch(confirmed, confirmedAt);
        at = at < 0 ? ~at - 1 : at;
        while (at >= 0 && at + 1 < confirmed.Length && confirmed[at + 1] == confirmedAt)
        {
            at++;
        }

        return at >= 0 && seen[at] > confirmedAt ? seen[at] : confirmedAt;
    }
}
