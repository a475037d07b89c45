using StreamSettle.Kernel.DeadLetters;

namespace StreamSettle.Audit.History;

/// <summary>The one catalogue of reasons in words, with what to do: for commands, API and dashboard.</summary>
public static class ReasonText
{
    const string Calculation = "calculation";
    const string Unknown = "unknown:";
    const string Returned = "returned:";

    static readonly Dictionary<string, string> Refusals = new(StringComparer.Ordinal)
    {
        ["bad_amount"] = "An amount is missing, negative, above the gross, or finer than the currency's unit. Correct the row; that tries it anew.",
        ["unknown_currency"] = "The currency is none of ISO 4217, or one without a minor unit. Correct the row; that tries it anew.",
        ["no_rules"] = "No rule set was in force when the order was completed. Add one with an earlier effectiveFrom, restart, then replay.",
        ["no_completed_at"] = "The order is COMPLETED but has no completed_at. Fill it in; that tries it anew.",
        ["unknown_merchant"] = "The source has no row for the order's merchant. Add the merchant, then replay.",
        ["too_old"] = "The order was first seen later than Settlements:Retention after its mark: it may have been settled before. Look it up, then replay or discard.",
        ["changed_key"] = "The order's primary key was changed in the source: under the old one it may have been settled, or this id's own order was. Look both up, then replay or discard.",
        ["unreadable_change"] = "A later change of this order could not be read; it waits as an intake dead letter. Correct the row, or replay that letter.",
    };

    /// <summary>The codes that it knows.</summary>
    public static IReadOnlyCollection<string> Codes => Refusals.Keys;

    /// <param name="stage">A leg's name, <c>calculation</c> or <c>intake</c>.</param>
    /// <param name="reason">The code, or what a system answered.</param>
    /// <returns>One or two sentences; null where the reason speaks for itself.</returns>
    public static string? Of(string stage, string reason) => stage switch
    {
        DeadLetter.Intake => "A record of the source could not be read, so nobody knows what it changed. Mend what wrote it and touch the row, or replay it when a later version reads it.",
        Calculation => Refusals.GetValueOrDefault(reason),
        _ when reason.StartsWith(Unknown, StringComparison.Ordinal) =>
            "The call may have happened, and the system could not say. A replay asks it first and sends the same bytes under the same key; discard only when you know.",
        _ when reason.StartsWith(Returned, StringComparison.Ordinal) => "The system took the call back after it had confirmed it. A replay sends it as a new effect; a discard leaves it undone.",
        _ when IsRejection(reason) => "The system rejected the call: nothing happened there. Mend the cause, then replay, or discard.",
        _ => "The call failed until its attempts were used up, and did not happen. Replay it when the system is well again, or discard.",
    };

    /// <summary>The state of an order as histories tell it, <c>refused: bad_amount</c>, with the words.</summary>
    public static string? OfState(string state)
    {
        const string refused = "refused: ";
        return state.StartsWith(refused, StringComparison.Ordinal) ? Refusals.GetValueOrDefault(state[refused.Length..].Split(',')[0]) : null;
    }

    static bool IsRejection(string reason) => reason is ['4', >= '0' and <= '9', >= '0' and <= '9', ..] && reason[..3] is not ("408" or "425" or "429");
}
