using StreamSettle.Delivery.Lanes;
using StreamSettle.Kernel.Calls;

namespace StreamSettle.Delivery.Channels;

/// <summary>A call whose turn has come and whose state says so, committed: what a task hands to the channel.</summary>
/// <param name="Body">The frozen bytes, or an invoice that was left out; null to ask (GET) for what became of it.</param>
/// <param name="FrozenLength">Of the frozen bytes, also where they are not sent along.</param>
/// <param name="Singly">Not in a batch.</param>
internal sealed record OutboundCall(ChannelMember Member, CallKey Key, LaneKey Lane, byte[]? Body, int FrozenLength, bool Singly)
{
    /// <summary>What it is among those that want room.</summary>
    internal CallClass Class { get; init; } = CallClass.Ordinary;

    /// <summary>The system is degraded: it is to find out whether it is well again.</summary>
    internal bool IsProbe { get; init; }

    /// <summary>It sends the invoice of a confirmed call (PATCH).</summary>
    internal bool IsPatch => Class == CallClass.Invoice;

    /// <summary>The key as the system sees it.</summary>
    internal string KeyText { get; } = Key.ToString();
}
