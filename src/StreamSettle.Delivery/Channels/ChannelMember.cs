using StreamSettle.Delivery.Budgets;
using StreamSettle.Delivery.Groups;

namespace StreamSettle.Delivery.Channels;

/// <summary>A task's seat at the channel. Its fields belong to the channel's lock.</summary>
internal sealed class ChannelMember(int partition, Action<ChannelMessage> post)
{
    internal int Partition { get; } = partition;

    internal Action<ChannelMessage> Post { get; } = post;

    /// <summary>Room set aside for it and not yet taken.</summary>
    internal int Granted { get; set; }

    /// <summary>Calls it wants to send and found no room for.</summary>
    internal int Demand { get; set; }

    internal bool IsWaiting { get; set; }

    /// <summary>Taken and not yet handed over: its transaction is not committed.</summary>
    internal int Undispatched { get; set; }

    /// <summary>Taken, and the outcome not yet committed.</summary>
    internal int Uncommitted { get; set; }

    internal bool HasLeft { get; set; }

    /// <summary>Its partition's share of the budget; null where the process has all of it.</summary>
    internal PartitionLedger? Ledger { get; set; }

    /// <summary>Claims of turns that it may use.</summary>
    internal Queue<TurnClaim> Turns { get; } = [];

    internal LaneCounts Counts { get; set; }
}
