using StreamSettle.Delivery.Answers;
using StreamSettle.Delivery.Budgets;
using StreamSettle.Delivery.Groups;

namespace StreamSettle.Delivery.Channels;

/// <summary>From the channel to a task.</summary>
internal abstract record ChannelMessage
{
    ChannelMessage()
    {
    }

    /// <summary>A call's request is over.</summary>
    /// <param name="Requests">Requests that the answer stands for in the budget: 1, or 0 for further items of one batch.</param>
    /// <param name="Terms">What the system's terms are from this answer on, to be kept with it; null where they did not change.</param>
    internal sealed record Answered(OutboundCall Call, CallAnswer Answer, int Requests, SystemTerms? Terms) : ChannelMessage
    {
        /// <summary>Of the terms what the other instances have to know; null where they know it.</summary>
        internal SystemTerms? News { get; init; }
    }

    /// <summary>A call that was handed over was not sent.</summary>
    internal sealed record Withheld(OutboundCall Call) : ChannelMessage;

    /// <summary>What concerns the budget of a group alone: a task answers for its partition's share, whoever's calls go by it.</summary>
    internal abstract record OfBudget : ChannelMessage;

    /// <summary>A permit is wanted by the task's share, for whatever call: it is committed as reserved first.</summary>
    internal sealed record Reserve : OfBudget
    {
        internal static Reserve Instance { get; } = new();
    }

    /// <summary>A request by a permit of the task's share is over; its calls are other tasks'.</summary>
    internal sealed record Spent : OfBudget
    {
        internal static Spent Instance { get; } = new();
    }

    /// <summary>Permits of the task's share were not used, and will not be.</summary>
    internal sealed record GivenUp(int Permits) : OfBudget;

    /// <summary>Turns are wanted: the claim goes into the log, with a permit reserved.</summary>
    internal sealed record Claim(TurnClaim Turns) : OfBudget;

    /// <summary>A claim has come to its end.</summary>
    /// <param name="Over">Turns that were its own, and are over.</param>
    /// <param name="Unused">No request was made by it.</param>
    internal sealed record ClaimEnded(TurnClaim Turns, IReadOnlyList<Turn> Over, bool Unused) : OfBudget;

    /// <summary>There is room again.</summary>
    internal sealed record Room : ChannelMessage
    {
        internal static Room Instance { get; } = new();
    }
}
