using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Auditing.World;

namespace StreamSettle.Sandbox.Auditing.Histories;

/// <summary>An order's stream, folded into what checks ask for.</summary>
internal sealed class OrderHistory
{
    /// <summary>Begins the reason of a dead letter whose call was found at its system after a loss of state (docs/operations.md).</summary>
    const string HeldPrefix = "held:";

    readonly HashSet<string> holds = [];
    readonly SortedDictionary<int, ReversalHistory> reversals = [];
    readonly Dictionary<string, CallHistory> calls = [];
    readonly MarkHistory marks = new();
    bool cancelled;
    LoggedEvent? before;

    public OrderHistory(EventStream stream)
    {
        Id = stream.Id;
        foreach (var happened in stream.Events)
        {
            Fold(happened);
            See(happened);
            before = happened;
            LastAt = happened.RecordedAt > LastAt ? happened.RecordedAt : LastAt;
        }
    }

    public string Id { get; }

    /// <summary>The last mark that was scheduled.</summary>
    public LoggedEvent? Scheduled { get; private set; }

    /// <inheritdoc cref="MarkHistory.PassedSince"/>
    public UtcInstant? PassedSince => marks.PassedSince;

    public LoggedEvent? Calculated { get; private set; }

    public int Calculations { get; private set; }

    public LoggedEvent? Completed { get; private set; }

    /// <summary>The calculation was refused at some time, so that its mark tells nothing about when it could be sent.</summary>
    public bool WasRefused { get; private set; }

    public List<UtcInstant> ReleasedAt { get; } = [];

    /// <summary>When the last event was recorded.</summary>
    public UtcInstant LastAt { get; private set; } = UtcInstant.MinValue;

    public IReadOnlyCollection<ReversalHistory> Reversals => reversals.Values;

    public IReadOnlyDictionary<string, CallHistory> Calls => calls;

    public OrderOutcome Outcome =>
        calls.Values.Any(call => call.DeadLetter is { N: 0, Leg: not "tax-refund" }) ? OrderOutcome.DeadLettered
        : holds.Count > 0 && Completed is null ? OrderOutcome.Held
        : Payout is not null && Completed is null ? OrderOutcome.WaitsForPayout
        : Completed is not null ? OrderOutcome.Completed
        : cancelled ? OrderOutcome.Cancelled
        : OrderOutcome.Open;

    public bool IsHeld => holds.Count > 0;

    /// <summary>The log knew nothing of its calls when the state was made anew, a system did, and a person who had compared both took what the systems have.</summary>
    public bool WasTaken { get; private set; }

    /// <summary>What was told last of a split that waits for its payout; null where none does.</summary>
    public LoggedEvent? Payout { get; private set; }

    /// <summary>What let the split go that had waited for its payout; null where it had not.</summary>
    public LoggedEvent? PaidOut { get; private set; }

    public Reopenings Reopenings { get; } = new();

    /// <summary>When calls were confirmed, and when whoever lets the next ones go saw that: where the log tells both.</summary>
    public List<(UtcInstant ConfirmedAt, UtcInstant SeenAt)> Seen { get; } = [];

    public string KeyOf(string leg, int n) => $"{Id}:{leg}:{n}";

    public LoggedEvent? DeadLetterOf(string leg, int n) => calls.GetValueOrDefault(KeyOf(leg, n))?.DeadLetter;

    public LoggedEvent? Confirmation(string leg, int n) => calls.GetValueOrDefault(KeyOf(leg, n))?.Confirmed.FirstOrDefault();

    void Fold(LoggedEvent happened)
    {
        switch (happened.Type)
        {
            case EventTypes.Scheduled or EventTypes.Rescheduled:
                (Scheduled, cancelled) = (happened, false);
                marks.Schedule(happened);
                break;
            case EventTypes.Cancelled:
                cancelled = true;
                marks.Cancel();
                Call(KeyOf("calculation", 0)).DeadLetter = null;
                break;
            case EventTypes.Held:
                holds.Add(happened.Scope ?? "");
                break;
            case EventTypes.Released:
                holds.Remove(happened.Scope ?? "");
                ReleasedAt.Add(happened.RecordedAt);
                break;
            case EventTypes.Calculated:
                (Calculated, Calculations) = (Calculated ?? happened, Calculations + 1);
                Call(KeyOf("calculation", 0)).DeadLetter = null;
                break;
            case EventTypes.Completed:
                Completed = happened;
                break;
            default:
                FoldRest(happened);
                break;
        }
    }

    /// <summary>What follows from a confirmation is told with it, at the time at which it was seen.</summary>
    void See(LoggedEvent happened)
    {
        if (before is { Type: EventTypes.Confirmed } && (happened.Type is EventTypes.Completed || (happened.Type is EventTypes.PayoutDeferred && before is { Leg: "verification" })))
        {
            Seen.Add((before.RecordedAt, happened.RecordedAt));
        }
    }

    void FoldRest(LoggedEvent happened)
    {
        switch (happened.Type)
        {
            case EventTypes.Confirmed:
                var confirmed = Call(happened.Key!);
                confirmed.Confirmed.Add(happened);
                confirmed.DeadLetter = null;
                Reopenings.Confirm(happened);
                break;
            case EventTypes.DeadLettered:
                Call(happened.Key!).DeadLetter = happened;
                Call(happened.Key!).DeadLetteredAt.Add(happened.RecordedAt);
                WasRefused |= happened is { Leg: "calculation", N: 0 };
                break;
            case EventTypes.Replayed:
                WasTaken |= Call(happened.Key!).DeadLetter?.Reason?.StartsWith(HeldPrefix, StringComparison.Ordinal) == true;
                Call(happened.Key!).DeadLetter = null;
                Call(happened.SentAs ?? happened.Key!).ReplayedAt.Add(happened.RecordedAt);
                break;
            case EventTypes.Discarded:
                Call(happened.Key!).DeadLetter = null;
                Call(happened.Key!).Discarded = true;
                break;
            case EventTypes.PayoutDeferred:
                Payout = happened;
                break;
            case EventTypes.PayoutReleased:
                (Payout, PaidOut) = (null, happened);
                break;
            case EventTypes.Returned:
                Call(happened.Key!).Returned++;
                Reopenings.Return(happened);
                break;
            case EventTypes.ReversalRequested:
                Reversal(happened.N).Requested.Add(happened);
                break;
            case EventTypes.ReversalCalculated:
                Reversal(happened.N).Calculated.Add(happened);
                Call(KeyOf("calculation", happened.N)).DeadLetter = null;
                break;
            case EventTypes.ReversalCompleted:
                Reversal(happened.N).Completed = true;
                break;
            default:
                break;
        }
    }

    CallHistory Call(string key) => calls.TryGetValue(key, out var call) ? call : calls[key] = new(key);

    ReversalHistory Reversal(int n) => reversals.TryGetValue(n, out var reversal) ? reversal : reversals[n] = new(n);
}
