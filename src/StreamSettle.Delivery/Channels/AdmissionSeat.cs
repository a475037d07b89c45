using StreamSettle.Delivery.Lanes;

namespace StreamSettle.Delivery.Channels;

/// <summary>A task's place among those that want room for calls of one class. Its fields belong to the channel's lock.</summary>
internal sealed class AdmissionSeat(ChannelMember member, CallClass of)
{
    internal ChannelMember Member { get; } = member;

    internal CallClass Class { get; } = of;

    /// <summary>Room set aside for it and not yet taken.</summary>
    internal int Granted { get; set; }

    /// <summary>Of it, room for probes of a degraded system.</summary>
    internal int Probes { get; set; }

    /// <summary>Calls it wants to send and found no room for.</summary>
    internal int Demand { get; set; }

    internal bool IsWaiting { get; set; }
}
