using StreamSettle.Delivery.Answers;
using StreamSettle.Delivery.Budgets;

namespace StreamSettle.Delivery.Channels;

/// <summary>From the channel to a task: an answer, or (without one) that there is room again.</summary>
/// <param name="Terms">What the system's terms are from this answer on, to be kept with it; null where they did not change.</param>
/// <param name="Requests">Requests this answer stands for in the budget: 1, or 0 for further items of one batch and for calls that were not sent.</param>
internal readonly record struct ChannelMessage(OutboundCall? Call, CallAnswer? Answer, int Requests, SystemTerms? Terms = null)
{
    internal static ChannelMessage Room => default;
}
