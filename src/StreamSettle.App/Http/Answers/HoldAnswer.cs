using System.Text.Json.Serialization;
using StreamSettle.Kernel.Holds;
using StreamSettle.Kernel.Time;

namespace StreamSettle.App.Http.Answers;

/// <summary>Asks for a hold.</summary>
/// <param name="Scope"><c>everything</c>, <c>merchant:437</c>, <c>order:42</c> or <c>downstream:split</c>.</param>
/// <param name="Until">From when on it holds nothing any more; an instant. Left out, as <paramref name="For"/>, until somebody releases it.</param>
/// <param name="For">The same as a time from now: <c>02:00:00</c> or <c>7.00:00:00</c>.</param>
/// <param name="RequestId">Names the hold. The same request twice is one hold; left out, a name is made.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
sealed record HoldRequest(string? Scope, string? Reason, string? Until = null, string? For = null, string? RequestId = null);

/// <summary>Asks for the end of a hold; may be left out.</summary>
/// <param name="RequestId">The same request twice is one release.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
sealed record ReleaseRequest(string? Reason = null, string? RequestId = null);

/// <summary>A hold.</summary>
/// <param name="State"><c>standing</c>, <c>released</c> or <c>expired</c>.</param>
/// <param name="Until">Null where it stands until it is released.</param>
sealed record HoldAnswer(
    string Id, string Scope, string State, string Reason, string By, string Since, string? Until, string? ReleasedBy, string? ReleasedAt, string? ReleaseReason)
{
    /// <summary>Instances that have not confirmed within some seconds that they know of it, and why. They learn of it from the log; until then they may begin what it is about.</summary>
    public IReadOnlyList<string> Unconfirmed { get; init; } = [];

    public static HoldAnswer Of(Hold hold, UtcInstant now) => new(
        hold.Id, hold.Scope.ToString(), hold.StandsAt(now) ? "standing" : hold.Release is null ? "expired" : "released", hold.Reason, hold.By, hold.Since.ToString(), hold.Until?.ToString(),
        hold.Release?.By, hold.Release?.At.ToString(), hold.Release?.Reason);
}

/// <param name="Next">Pass it as <c>after</c> for the next page; null at the end.</param>
sealed record HoldList(IReadOnlyList<HoldAnswer> Items, string? Next);
