using StreamSettle.Delivery.Answers;
using StreamSettle.Delivery.Budgets;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Channels;

/// <summary>All that an answer says, read before the channel takes it in: what follows cannot fail, so that no call is lost.</summary>
/// <param name="Meanings">In the order of the request's calls.</param>
/// <param name="Rates">Null where no answer came, or none that could be read.</param>
/// <param name="Status">HTTP status; 0 unless answered.</param>
internal sealed record ReadAnswer(CallAnswer[] Meanings, RateReading? Rates, int Status)
{
    /// <summary>How the system did not keep to the order that it promises; null where it did.</summary>
    internal string? BrokenPromise { get; private init; }

    /// <param name="wall">When it came, for what it says of instants where it does not say what time it is itself.</param>
    internal static ReadAnswer Of(DownstreamRequest request, in RawAnswer raw, UtcInstant wall)
    {
        try
        {
            var now = HttpDate.Parse(raw.Headers.Date) ?? wall;
            var rates = raw.Transmission == Transmission.Answered ? RateReading.Read(raw.Headers, now) : null;
            var meanings = Meaning(request, raw, now);
            return new(meanings, rates, raw.Status) { BrokenPromise = request.IsInOrder ? OrderedItems.Judge(request.Calls, meanings) : null };
        }
        catch (Exception failure)
        {
            // Whatever this is, the call's lane waits for an outcome: without one it would be blocked until a restart.
            var unknown = new CallAnswer.Unknown($"the answer could not be read: {failure.Message}");
            return new([.. request.Calls.Select(_ => unknown)], null, 0);
        }
    }

    static CallAnswer[] Meaning(DownstreamRequest request, in RawAnswer raw, UtcInstant now) =>
        request.IsBatch ? BatchSizing.Read([.. request.Calls.Select(call => call.KeyText)], raw, now, request.IsInOrder)
        : request.IsPost || request.IsPatch ? [AnswerClassifier.OfPost(request.Calls[0].KeyText, raw, now)]
        : [AnswerClassifier.OfGet(request.Calls[0].KeyText, raw, now)];
}
