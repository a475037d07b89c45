using StreamSettle.Delivery.Budgets;
using StreamSettle.Delivery.Groups;
using StreamSettle.Delivery.Lanes;

namespace StreamSettle.Delivery.Channels;

/// <summary>A task's seat at the channel. Its fields belong to the channel's lock.</summary>
internal sealed class ChannelMember
{
    internal ChannelMember(int partition, Action<ChannelMessage> post)
    {
        (Partition, Post) = (partition, post);
        Seats = [.. CallClasses.ByRank.ToArray().Select(of => new AdmissionSeat(this, of))];
    }

    internal int Partition { get; }

    internal Action<ChannelMessage> Post { get; }

    /// <summary>One a class of calls.</summary>
    internal IReadOnlyList<AdmissionSeat> Seats { get; }

    /// <summary>Taken and not yet handed over: its transaction is not committed.</summary>
    internal int Undispatched { get; set; }

    /// <summary>Probes taken and not yet handed over.</summary>
    internal int ProbesTaken { get; set; }

    /// <summary>Taken, and the outcome not yet committed.</summary>
    internal int Uncommitted { get; set; }

    internal bool HasLeft { get; set; }

    /// <summary>Its partition's share of the budget; null where the process has all of it.</summary>
    internal PartitionLedger? Ledger { get; set; }

    /// <summary>Claims of turns that it may use.</summary>
    internal Queue<TurnClaim> Turns { get; } = [];

    internal LaneCounts Counts { get; set; }
}
