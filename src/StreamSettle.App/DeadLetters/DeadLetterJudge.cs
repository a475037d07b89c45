using StreamSettle.App.Composition;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Topology.Pending;

namespace StreamSettle.App.DeadLetters;

/// <summary>
/// Says before anything is written whether a replay or discard can be done, so that nobody is told of a success that is none: what may have been settled already
/// is not settled again, and an order of which a change could not be read is not settled by what was known before.
/// </summary>
sealed class DeadLetterJudge(SettlementService service, DeadLetterQueue queue)
{
    readonly EventLogProof eventLog = new(service);

    public async Task<Judgement> JudgeAsync(DeadLetter letter, OperatorAsk asked, CancellationToken stop)
    {
        var replay = asked is OperatorAsk.Replay;
        if (letter.Stage == DeadLetter.Intake)
        {
            return replay ? JudgeReading(letter) : new Judgement.Granted(Note: AfterDiscard(letter));
        }

        return replay && CallKey.TryParse(letter.Id, out var key) && key is { Leg: Leg.Calculation, N: 0 }
            ? await JudgeOrderAsync(letter, key, stop)
            : new Judgement.Granted();
    }

    Judgement JudgeReading(DeadLetter letter) => service.Readers.ProblemOf(letter) is { } problem
        ? new Judgement.Refused($"This record still cannot be read: {problem}. Start a version of the service, or a mapping of columns, that can, then replay it; or discard it.")
        : new Judgement.Granted();

    /// <summary>A discarded change does not count. The order that was refused for it waits for its own replay.</summary>
    string? AfterDiscard(DeadLetter letter) =>
        letter.OrderId is { } order && queue.Find(new CallKey(new(order), Leg.Calculation, 0).ToString()) is { } refused
            ? $"Order {order} stays refused ({refused.Reason}). A replay of {refused.Id} settles it by what is known without this change."
            : null;

    async Task<Judgement> JudgeOrderAsync(DeadLetter letter, CallKey key, CancellationToken stop)
    {
        if (queue.UnreadableOf(key.Order.Value) is { } unread && letter.Reason == Refusals.UnreadableChange)
        {
            return new Judgement.Refused(
                $"A change of order {key.Order} could not be read, and may be a refund or a cancellation: replay or discard {unread.Id} first, then the order.");
        }

        return await eventLog.AskAsync(key.Order, stop) switch
        {
            CalculationProof.Calculated calculated => new Judgement.Refused(
                $"Order {key.Order} was calculated already, at {calculated.RecordedAt}: it is never settled twice. Look at its history (streamsettle order {key.Order}), then discard this."),
            CalculationProof.Unknown unknown when letter.Reason == Refusals.TooOld => new Judgement.NotNow(
                $"Whether order {key.Order} was settled before cannot be told now: {unknown.Why}. Try again."),
            CalculationProof.Unknown => new Judgement.Granted(),
            _ => new Judgement.Granted(NeverCalculated: true),
        };
    }
}
