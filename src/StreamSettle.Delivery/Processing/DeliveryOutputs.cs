using StreamSettle.Delivery.Calls;
using StreamSettle.Delivery.Groups;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Processors;

namespace StreamSettle.Delivery.Processing;

/// <summary>What delivery writes to others: results to settlement, dead letters to people.</summary>
internal sealed class DeliveryOutputs(ProcessorContext context, DeliveryNames names)
{
    readonly Output<MerchantId, DeliveryResult> results = context.Output<MerchantId, DeliveryResult>(names.Results);
    readonly Output<GroupKey, GroupRecord> group = context.Output<GroupKey, GroupRecord>(names.Group);
    readonly Output<string, DeadLetter> deadLetters = context.Output<string, DeadLetter>(names.DeadLetters);

    internal void Forward(DeliveryResult result) =>
        results.Forward(new() { Key = result.Merchant, Value = result, TimestampMs = Milliseconds(result.RecordedAt) });

    internal void AddDeadLetter(CallKey call, in CallState state, byte[] body, UtcInstant now)
    {
        var letter = LetterOf(call, state, body, now);
        deadLetters.Forward(new() { Key = letter.Id, Value = letter, TimestampMs = Milliseconds(now) });
    }

    /// <param name="since">When it became one.</param>
    internal static DeadLetter LetterOf(CallKey call, in CallState state, byte[] body, UtcInstant since) => new()
    {
        Id = call.ToString(),
        Stage = call.Leg.Name(),
        OrderId = call.Order.Value,
        MerchantId = state.Merchant.Value,
        Reason = state.Reason,
        Since = since,
        Attempts = state.Attempts,
        Payload = body,
        DiscardedBy = state.DiscardedBy,
    };

    internal void RemoveDeadLetter(CallKey call, UtcInstant now) =>
        deadLetters.Forward(new() { Key = call.ToString(), Value = null!, IsTombstone = true, TimestampMs = Milliseconds(now) });

    /// <summary>Tells the other instances.</summary>
    internal void Tell(GroupKey about, GroupRecord record, UtcInstant now) => group.Forward(new() { Key = about, Value = record, TimestampMs = Milliseconds(now) });

    static long Milliseconds(UtcInstant at) => at.Microseconds / 1_000;
}
