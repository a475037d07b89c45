using StreamSettle.Delivery.Answers;

namespace StreamSettle.Delivery.Channels;

/// <summary>From the channel to a task: an answer, or (without one) that there is room again.</summary>
/// <param name="Requests">Requests this answer stands for in the budget: 1, or 0 for further items of one batch and for calls that were not sent.</param>
internal readonly record struct ChannelMessage(OutboundCall? Call, CallAnswer? Answer, int Requests)
{
    internal static ChannelMessage Room => default;
}
