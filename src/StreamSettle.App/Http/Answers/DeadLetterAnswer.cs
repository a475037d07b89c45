using System.Text.Json.Serialization;
using StreamSettle.App.DeadLetters;
using StreamSettle.Audit.History;
using StreamSettle.Kernel.DeadLetters;

namespace StreamSettle.App.Http.Answers;

/// <summary>What waits for a person. Money of a call is in its payload.</summary>
/// <param name="Meaning">The reason in words, with what to do.</param>
/// <param name="DiscardedBy">Who gives it up, while its system is asked whether it happened; null while nobody does.</param>
/// <param name="Payload">The original bytes as text where they are UTF-8, else in base64; only when one is shown.</param>
sealed record DeadLetterAnswer(
    string Id, string Stage, long? OrderId, long? MerchantId, string Reason, string? Meaning, string Since, int Attempts, string? DiscardedBy, string? Topic, int? Partition, long? Offset, string? Payload)
{
    public static DeadLetterAnswer Of(DeadLetter letter, bool withPayload) => new(
        letter.Id, letter.Stage, letter.OrderId, letter.MerchantId, letter.Reason, ReasonText.Of(letter.Stage, letter.Reason), letter.Since.ToString(), letter.Attempts, letter.DiscardedBy, letter.Topic,
        letter.Topic is null ? null : letter.Partition, letter.Topic is null ? null : letter.Offset, withPayload ? PayloadText.Of(letter) : null);
}

/// <param name="Next">Pass it as <c>after</c> for the next page; null at the end.</param>
sealed record DeadLetterList(IReadOnlyList<DeadLetterAnswer> Items, string? Next);

/// <summary>The body of a replay or discard; may be left out.</summary>
/// <param name="Reason">Why.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
sealed record ActRequest(string? Reason = null);

/// <summary>The request is in the log and will be carried out.</summary>
/// <param name="Note">What there is to know besides; null for nothing.</param>
sealed record AcceptedAnswer(string RequestId, string Id, string Action, string By, string? Note);

/// <summary>An order's whole road, as text and as its events.</summary>
/// <param name="DeadLetters">What of it waits for a person, unreadable changes among it.</param>
sealed record OrderAnswer(string OrderId, string Text, IReadOnlyList<string> Events, IReadOnlyList<DeadLetterAnswer> DeadLetters);
