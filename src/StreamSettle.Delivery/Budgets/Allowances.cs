using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Budgets;

/// <summary>What the system said is left of its quotas; each binds until it is full again, so the least of them counts. Not thread-safe.</summary>
internal sealed class Allowances
{
    /// <summary>Most quotas kept apart; what comes beyond is one, as tight as the tightest.</summary>
    internal const int Most = 16;

    /// <summary>
    /// Answers of one window tell its end apart by this much at most: resets come in whole seconds, and answers take their time. What moves on further is
    /// another window.
    /// </summary>
    internal static readonly TimeSpan SameEnd = TimeSpan.FromSeconds(2);

    const string Others = "others";

    readonly List<Allowance> all = [];

    // The end of each quota's window as it was told first: it must not creep along with answers that each tell a little more.
    readonly Dictionary<string, MonotonicInstant> ends = [];

    /// <summary>Requests that may be started now.</summary>
    internal long Left(MonotonicInstant now)
    {
        var least = long.MaxValue;
        foreach (var one in all)
        {
            least = one.Until > now ? Math.Min(least, one.Left) : least;
        }

        return least;
    }

    /// <summary>When there is something left again; null where there is now.</summary>
    internal MonotonicInstant? ExhaustedUntil(MonotonicInstant now)
    {
        MonotonicInstant? until = null;
        foreach (var one in all)
        {
            until = one.Left <= 0 && one.Until > now && (until is null || one.Until > until) ? one.Until : until;
        }

        return until;
    }

    /// <summary>Requests are started.</summary>
    internal void Spend(int requests)
    {
        for (var i = 0; i < all.Count; i++)
        {
            all[i] = all[i] with { Left = all[i].Left - requests };
        }
    }

    /// <summary>Takes up what an answer says; of what it does not name, nothing has changed.</summary>
    /// <param name="underWay">Requests that the system had not counted yet.</param>
    /// <param name="unnamed">How long a quota holds whose answer names no reset.</param>
    /// <param name="longest">Longest that a reset is believed.</param>
    internal void TakeUp(IReadOnlyList<RateQuota> quotas, int underWay, TimeSpan unnamed, TimeSpan longest, MonotonicInstant now)
    {
        all.RemoveAll(one => one.Until <= now);
        foreach (var quota in quotas)
        {
            var reset = quota.Reset ?? unnamed;
            Put(new(quota.Name, quota.Remaining - underWay, now + (reset < longest ? reset : longest)), quota.IsSure);
        }
    }

    /// <summary>Takes up what was kept.</summary>
    internal void Recall(IReadOnlyList<Allowance> kept, int underWay)
    {
        foreach (var one in kept)
        {
            Put(one with { Left = one.Left - underWay }, isSure: true);
        }
    }

    /// <summary>What is worth keeping: what may bind a system that is sent <paramref name="most"/> requests at once.</summary>
    internal Allowance[] Scarce(int most, MonotonicInstant now) => [.. all.Where(one => one.Left < most && one.Until > now)];

    void Put(Allowance told, bool isSure)
    {
        var place = all.FindIndex(one => one.Name == told.Name);
        if (place < 0 && all.Count >= Most)
        {
            (told, isSure) = (told with { Name = Others }, false);
            place = all.FindIndex(one => one.Name == Others);
        }

        if (place < 0)
        {
            all.Add(told);
            ends[told.Name] = told.Until;
        }
        else if (isSure && !IsSameWindow(told))
        {
            all[place] = told;
            ends[told.Name] = told.Until;
        }
        else
        {
            // Answers overtake each other. Within a window nothing comes back: of two that tell of it the one that tells less was counted later.
            all[place] = told with { Left = Math.Min(told.Left, all[place].Left), Until = MonotonicInstant.Later(told.Until, all[place].Until) };
        }
    }

    bool IsSameWindow(Allowance told) => ends.TryGetValue(told.Name, out var end) && (told.Until - end).Duration() <= SameEnd;
}
