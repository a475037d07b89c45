using StreamSettle.Kernel.Ids;
using StreamSettle.Settlement.Facts;

namespace StreamSettle.Settlement.Calculation;

/// <summary>Room for one promoter of a chain. Lives on the caller's stack.</summary>
internal struct CommissionShare
{
    public PromoterId Promoter;

    /// <summary>By rate and cap.</summary>
    public long Earned;

    /// <summary>After the levels' sum was brought down to its limit.</summary>
    public long Paid;
}

/// <summary>Climbs from an order's promoter to its ancestors.</summary>
internal static class CommissionChain
{
    /// <summary>Fills <paramref name="room"/>, the order's promoter first, as far as the chain goes; returns how many there are.</summary>
    /// <remarks>A promoter seen twice ends the chain, and is in it once; one whose own row is missing is its last.</remarks>
    public static int Climb(PromoterId? first, IPromoterTree promoters, Span<CommissionShare> room)
    {
        var (count, next) = (0, first);
        while (count < room.Length && next is { } promoter && !IsIn(room[..count], promoter))
        {
            room[count++].Promoter = promoter;
            if (count == room.Length || !promoters.TryGetParent(promoter, out next))
            {
                break;
            }
        }

        return count;
    }

    static bool IsIn(ReadOnlySpan<CommissionShare> chain, PromoterId promoter)
    {
        foreach (ref readonly var share in chain)
        {
            if (share.Promoter == promoter)
            {
                return true;
            }
        }

        return false;
    }
}
