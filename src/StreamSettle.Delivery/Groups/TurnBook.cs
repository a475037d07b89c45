using StreamSettle.Delivery.Budgets;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Groups;

/// <summary>
/// The turns of one window's limit, as far as the log has been read: whose claim of a use comes first in the log has it, and a whole window after the log said that
/// it is over the next use may be claimed. Every instance reads the same log, and measures the window by its own clock from when it read. Not thread-safe.
/// </summary>
internal sealed class TurnBook(TimeSpan window)
{
    /// <summary>Instances that want a turn at the same time draw lots, and wait up to so long before they claim it: who is nearest to the log must not always win.</summary>
    static readonly TimeSpan LongestLot = TimeSpan.FromMilliseconds(400);

    const int Lots = 8;

    readonly Dictionary<int, (long Number, bool IsTaken, MonotonicInstant FreeFrom)> turns = [];
    readonly HashSet<int> claimed = [];
    MonotonicInstant untouchedFrom = new(long.MinValue);

    /// <summary>Turns of which the log says nothing yet rest too: requests may have been made before the limit was known.</summary>
    internal void Rest(MonotonicInstant now) => untouchedFrom = MonotonicInstant.Later(untouchedFrom, EndOfRest(now));

    /// <summary>The next use of a turn that may be claimed now; null where there is none.</summary>
    internal Turn? Claimable(long limit, Guid run, MonotonicInstant now)
    {
        for (var index = 0; index < limit; index++)
        {
            var (number, isTaken, freeFrom) = turns.GetValueOrDefault(index, (0, false, untouchedFrom));
            if (!isTaken && !claimed.Contains(index) && freeFrom <= now && freeFrom + Lot(run, index, number) <= now)
            {
                return new(window, index, number + 1);
            }
        }

        return null;
    }

    /// <summary>A claim of this process is on its way to the log.</summary>
    internal void Claim(Turn turn) => claimed.Add(turn.Index);

    /// <summary>A claim of this process came to nothing or was read in the log.</summary>
    internal void Forget(Turn turn) => claimed.Remove(turn.Index);

    /// <summary>The log has a claim.</summary>
    /// <returns>Whether it is the first of that use.</returns>
    internal bool Take(int index, long number)
    {
        if (number <= turns.GetValueOrDefault(index).Number)
        {
            return false;
        }

        turns[index] = (number, true, new(long.MinValue));
        return true;
    }

    /// <summary>The log says that a use is over.</summary>
    internal void Over(int index, long number, MonotonicInstant now)
    {
        if (turns.GetValueOrDefault(index) is var known && (number > known.Number || (number == known.Number && known.IsTaken)))
        {
            turns[index] = (number, false, EndOfRest(now));
        }
    }

    MonotonicInstant EndOfRest(MonotonicInstant now) => now + window + TimeSpan.FromMicroseconds(SlidingBudget.MarginUs);

    TimeSpan Lot(Guid run, int index, long number)
    {
        var longest = window / 16 < LongestLot ? window / 16 : LongestLot;
        return longest * (Mixed(run.GetHashCode() + index * 31 + number * 1_009) % Lots) / Lots;
    }

    // Fibonacci hashing: neighbours are far apart.
    static uint Mixed(long value) => (uint)(unchecked((ulong)value * 11_400_714_819_323_198_485UL) >> 40);
}
