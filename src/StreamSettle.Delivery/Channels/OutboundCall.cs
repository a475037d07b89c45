using StreamSettle.Delivery.Lanes;
using StreamSettle.Kernel.Calls;

namespace StreamSettle.Delivery.Channels;

/// <summary>A call whose turn has come and whose state says so, committed: what a task hands to the channel.</summary>
/// <param name="Body">The frozen bytes; null to ask (GET) for what became of it.</param>
/// <param name="FrozenLength">Of the frozen bytes, also where they are not sent along.</param>
/// <param name="Singly">Not in a batch.</param>
internal sealed record OutboundCall(ChannelMember Member, CallKey Key, LaneKey Lane, byte[]? Body, int FrozenLength, bool Singly)
{
    /// <summary>The key as the system sees it.</summary>
    internal string KeyText { get; } = Key.ToString();
}
