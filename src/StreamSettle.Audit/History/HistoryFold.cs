using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Audit.History;

/// <summary>Collects an order's history, event by event.</summary>
internal sealed class HistoryFold
{
    const string Refusal = "calculation";
    const string Split = "split";
    const string Returned = "returned:";

    readonly List<TimelineEntry> timeline = [];
    readonly OrderedDictionary<string, DeliveryHistory> deliveries = new(StringComparer.Ordinal);
    readonly SortedDictionary<int, ReversalHistory> reversals = [];
    readonly HashSet<string> holds = new(StringComparer.Ordinal);
    string state = "unknown";
    long? merchantId;
    string? completedAt;
    string? dueAt;
    SettlementCalculated? calculation;

    public void Add(StoredEvent stored)
    {
        var happened = stored.Event();
        if (happened is null)
        {
            timeline.Add(new(stored.Version, stored.StoredAt.ToString(), stored.Type.Replace('_', ' '), stored.Json, stored.Cause, stored.StoredAt));
            return;
        }

        Apply(happened);
        var details = EventText.Details(happened, calculation?.Currency ?? "");
        timeline.Add(new(stored.Version, happened.RecordedAt, stored.Type.Replace('_', ' '), details, stored.Cause, stored.StoredAt));
    }

    public OrderHistory Result(OrderId order) => new()
    {
        Order = order,
        State = $"{state}{(IsReturned ? ", returned" : "")}{(holds.Count == 0 ? "" : ", held")}",
        MerchantId = merchantId,
        CompletedAt = completedAt,
        DueAt = dueAt,
        Calculation = calculation,
        Deliveries = [.. deliveries.Values],
        Reversals = [.. reversals.Values],
        Timeline = timeline,
    };

    bool IsReturned => deliveries.Values.Any(call => call.State == DeliveryState.DeadLettered && call.Text.StartsWith(Returned, StringComparison.Ordinal));

    void Apply(SettlementEvent happened)
    {
        switch (happened)
        {
            case SettlementScheduled e:
                (state, merchantId, completedAt, dueAt) = ("scheduled", e.MerchantId, e.CompletedAt, e.DueAt);
                break;
            case SettlementRescheduled e:
                (state, merchantId, completedAt, dueAt) = ("scheduled", e.MerchantId, e.CompletedAt, e.DueAt);
                break;
            case SettlementCancelled e:
                state = $"cancelled: {e.Reason}";
                break;
            case SettlementHeld e:
                holds.Add(e.Scope);
                break;
            case SettlementReleased e:
                holds.Remove(e.Scope);
                break;
            case SettlementDue e:
                (state, dueAt) = ("due", e.DueAt);
                break;
            case SettlementCalculated e:
                (state, merchantId, calculation) = ("in delivery", e.MerchantId, e);
                break;
            case SettlementCompleted:
                state = "completed";
                break;
            default:
                ApplyToCall(happened);
                break;
        }
    }

    void ApplyToCall(SettlementEvent happened)
    {
        switch (happened)
        {
            case DeliveryConfirmed e:
                Set(new(e.Key, e.Leg, e.N, DeliveryState.Confirmed, e.Attempt, e.Receipt));
                break;
            case DeliveryFailed e:
                Set(new(e.Key, e.Leg, e.N, DeliveryState.Failing, e.Attempt, e.Reason));
                break;
            case DeliveryDeadLettered e:
                Set(new(e.Key, e.Leg, e.N, DeliveryState.DeadLettered, AttemptsOf(e.Key, e.Attempt), e.Reason));
                // A refused refund moves nothing: only the refused settlement itself is a state of the order.
                state = e.Leg == Refusal && e.N == 0 ? $"refused: {e.Reason}" : state;
                break;
            case DeliveryReplayed e:
                Set(new(e.Key, e.Leg, e.N, DeliveryState.Replayed, AttemptsOf(e.Key, e.Attempt), e.SentAs is { } next ? $"{e.By}, as {next}" : e.By));
                break;
            case DeliveryDiscarded e:
                Set(new(e.Key, e.Leg, e.N, DeliveryState.Discarded, AttemptsOf(e.Key, e.Attempt), EventText.WithDoubt(e)));
                break;
            case InvoiceDelivered e when deliveries.TryGetValue(e.Key, out var call):
                deliveries[e.Key] = call with { InvoiceSentLater = true };
                break;
            case PayoutDeferred e:
                state = "in delivery, payout waits";
                Set(new(e.Key, Split, 0, DeliveryState.Deferred, 0, EventText.Waiting(e)));
                break;
            case PayoutReleased e:
                state = "in delivery";
                Set(new(e.Key, Split, 0, DeliveryState.Released, 0, e.Reason));
                break;
            default:
                ApplyToReversal(happened);
                break;
        }
    }

    void ApplyToReversal(SettlementEvent happened)
    {
        switch (happened)
        {
            case ReversalRequested e:
                reversals[e.N] = Reversal(e.N) with { Refunded = e.Refunded };
                break;
            case ReversalCalculated e:
                reversals[e.N] = Reversal(e.N) with { Lines = e.Lines };
                break;
            case ReversalCompleted e:
                reversals[e.N] = Reversal(e.N) with { CompletedAt = e.RecordedAt };
                break;
        }
    }

    /// <summary>What was done about a call that its system had undone says nothing of its attempts.</summary>
    int AttemptsOf(string key, int told) => Math.Max(told, deliveries.TryGetValue(key, out var call) ? call.Attempts : 0);

    void Set(DeliveryHistory call) =>
        deliveries[call.Key] = deliveries.TryGetValue(call.Key, out var before) ? call with { InvoiceSentLater = before.InvoiceSentLater } : call;

    ReversalHistory Reversal(int n) => reversals.GetValueOrDefault(n) ?? new(n, null, [], null);
}
