using StreamSettle.Delivery.Channels;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Groups;

/// <summary>The limits that are smaller than the number of partitions, the turns of each, and this process's claims of them. Not thread-safe.</summary>
internal sealed class TurnList(Guid run)
{
    readonly Dictionary<TimeSpan, TurnBook> books = [];
    readonly List<TurnClaim> claims = [];
    (TimeSpan Window, long Limit)[] limits = [];
    long lastNo;

    /// <summary>There are such limits.</summary>
    internal bool IsInForce => limits.Length > 0;

    /// <summary>These are in force from now on.</summary>
    /// <param name="mayHaveBeenUsed">Requests may have been made in a window before now.</param>
    internal void Learn(IEnumerable<(TimeSpan Window, long Limit)> small, Func<TimeSpan, bool> mayHaveBeenUsed, MonotonicInstant now)
    {
        limits = [.. small.GroupBy(limit => limit.Window).Select(same => (same.Key, same.Min(limit => limit.Limit)))];
        foreach (var (window, _) in limits)
        {
            if (mayHaveBeenUsed(window))
            {
                Book(window).Rest(now);
            }
        }
    }

    /// <summary>Claims a turn of each limit, where all have one to be claimed; it is the process's when the log says so.</summary>
    internal TurnClaim? Claim(ChannelMember member, MonotonicInstant now)
    {
        var turns = new Turn[limits.Length];
        for (var i = 0; i < limits.Length; i++)
        {
            if (Book(limits[i].Window).Claimable(limits[i].Limit, run, now) is not { } turn)
            {
                return null;
            }

            turns[i] = turn;
        }

        Array.ForEach(turns, turn => Book(turn.Window).Claim(turn));
        var claim = new TurnClaim(++lastNo, member, turns, now);
        claims.Add(claim);
        return claim;
    }

    /// <summary>A task is gone, with its claims.</summary>
    internal void Leave(ChannelMember member)
    {
        foreach (var claim in claims.Where(claim => claim.Member == member))
        {
            Array.ForEach(claim.Turns, turn => Book(turn.Window).Forget(turn));
        }

        claims.RemoveAll(claim => claim.Member == member);
    }

    /// <summary>The log has a claim of somebody.</summary>
    /// <returns>The claim of this process of which all is decided by it; null where there is none.</returns>
    internal TurnClaim? Hear(GroupRecord.Claimed claimed, TimeSpan window, int index)
    {
        var isFirst = Book(window).Take(index, claimed.Number);
        if (claimed.Run != run || claims.Find(mine => mine.No == claimed.No) is not { } claim)
        {
            return null;
        }

        var turn = new Turn(window, index, claimed.Number);
        Book(window).Forget(turn);
        claim.Decided++;
        if (isFirst)
        {
            claim.Won.Add(turn);
        }

        return claim.Decided == claim.Turns.Length && claims.Remove(claim) ? claim : null;
    }

    /// <summary>The log says that a turn is over.</summary>
    internal void Hear(GroupRecord.Over over, TimeSpan window, int index, MonotonicInstant now) => Book(window).Over(index, over.Number, now);

    TurnBook Book(TimeSpan window)
    {
        if (!books.TryGetValue(window, out var book))
        {
            books[window] = book = new(window);
        }

        return book;
    }
}
