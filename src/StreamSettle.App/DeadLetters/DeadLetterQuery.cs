using System.Text.Json.Serialization;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Kernel.Time;

namespace StreamSettle.App.DeadLetters;

/// <summary>A filter as the API takes it.</summary>
/// <param name="Stage">A leg's name, <c>calculation</c> or <c>intake</c>; of a downstream the leg's name.</param>
/// <param name="Reason">How the reason begins.</param>
/// <param name="From">An instant; since when it waits, at the earliest.</param>
/// <param name="To">An instant; since when it waits, before it.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
sealed record DeadLetterQuery(
    string? Stage = null, string? Reason = null, long? Merchant = null, long? Order = null, string? From = null, string? To = null)
{
    /// <summary>It names nothing: all letters are meant.</summary>
    public bool IsAll => this is { Stage: null, Reason: null, Merchant: null, Order: null, From: null, To: null };

    /// <param name="problem">What is wrong with it; null where nothing is.</param>
    public DeadLetterFilter Read(out string? problem)
    {
        var (from, isFrom) = Instant(From);
        var (to, isTo) = Instant(To);
        problem = !IsStage ? $"stage must be one of {string.Join(", ", Stages)}, but is '{Stage}'"
            : !isFrom ? $"from must be an instant with Z or offset, such as 2026-11-01T00:00:00Z, but is '{From}'"
            : !isTo ? $"to must be an instant with Z or offset, such as 2026-11-01T00:00:00Z, but is '{To}'"
            : from >= to ? $"from must be before to, but {from} is not before {to}" : null;
        return new(Stage, Reason, Merchant, Order, from, to);
    }

    static IEnumerable<string> Stages => [DeadLetter.Intake, .. Enum.GetValues<Leg>().Select(leg => leg.Name())];

    bool IsStage => Stage is null || Stages.Contains(Stage, StringComparer.Ordinal);

    static (UtcInstant? Instant, bool IsGood) Instant(string? text) => text is null ? (null, true) : UtcInstant.TryParse(text, out var instant) ? (instant, true) : (null, false);
}
