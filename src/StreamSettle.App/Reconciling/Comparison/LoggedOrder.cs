using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Settle;

namespace StreamSettle.App.Reconciling.Comparison;

/// <summary>An order as the event log has it: the fold that the service itself lives by, and what a comparison wants to know beside it.</summary>
sealed record LoggedOrder
{
    /// <summary>As contract/downstreams.md begins the reason of a call that a callback has reopened.</summary>
    const string ReturnedReason = "returned:";

    public required OrderId Id { get; init; }

    public SettlementState State { get; private init; } = SettlementState.Unknown;

    /// <summary>Null before it.</summary>
    public SettlementCalculated? Calculation { get; private init; }

    /// <summary>Of the last mark that was recorded, or of the row that was settled.</summary>
    public UtcInstant? CompletedAt { get; private init; }

    /// <summary>Of the last cancellation.</summary>
    public string? CancelReason { get; private init; }

    /// <summary>Something holds it.</summary>
    public bool IsHeld { get; private init; }

    /// <summary>By leg and number: under which key, and with which receipt.</summary>
    public required IReadOnlyDictionary<(Leg Leg, int N), (string Key, string Receipt)> Confirmed { get; init; }

    /// <summary>Calls that their system has undone and told so; until they are replayed they are known there all the same.</summary>
    public required IReadOnlySet<(Leg Leg, int N)> Returned { get; init; }

    /// <summary>Why its events cannot be folded; null where they can.</summary>
    public string? Trouble { get; private init; }

    /// <summary>The event log knows it.</summary>
    public bool IsKnown { get; private init; }

    public static LoggedOrder Of(OrderId id, IReadOnlyList<StoredEvent> events)
    {
        var confirmed = new Dictionary<(Leg, int), (string, string)>();
        var (returned, holds) = (new HashSet<(Leg, int)>(), new HashSet<string>(StringComparer.Ordinal));
        var order = new LoggedOrder { Id = id, Confirmed = confirmed, Returned = returned, IsKnown = events.Count > 0 };
        foreach (var stored in events)
        {
            try
            {
                if (stored.Event() is not { } happened)
                {
                    return order with { Trouble = $"its event {stored.Version} is a '{stored.Type}', which this release does not know" };
                }

                order = order.With(happened);
                Note(happened, confirmed, returned, holds);
            }
            catch (Exception broken) when (broken is CorruptStateException or BrokenInvariantException)
            {
                return order with { Trouble = $"its event {stored.Version} cannot be one of it: {broken.Message}" };
            }
        }

        return order with { IsHeld = holds.Count > 0 };
    }

    LoggedOrder With(SettlementEvent happened)
    {
        var next = this with { State = SettlementFold.Evolve(State, happened) };
        return happened switch
        {
            SettlementScheduled e => next with { CompletedAt = PendingFold.Instant(e.CompletedAt) },
            SettlementRescheduled e => next with { CompletedAt = PendingFold.Instant(e.CompletedAt) },
            SettlementCancelled e => next with { CancelReason = e.Reason },
            SettlementCalculated e => next with { Calculation = e, CompletedAt = PendingFold.Instant(e.CompletedAt) },
            _ => next,
        };
    }

    static void Note(SettlementEvent happened, Dictionary<(Leg, int), (string Key, string Receipt)> confirmed, HashSet<(Leg, int)> returned, HashSet<string> holds)
    {
        switch (happened)
        {
            case DeliveryConfirmed e when LegNames.TryParse(e.Leg, out var leg):
                confirmed[(leg, e.N)] = (e.Key, e.Receipt);
                returned.Remove((leg, e.N));
                break;
            case DeliveryDeadLettered e when e.Reason.StartsWith(ReturnedReason, StringComparison.Ordinal) && LegNames.TryParse(e.Leg, out var leg):
                returned.Add((leg, e.N));
                break;
            case DeliveryReplayed { SentAs: not null } e when LegNames.TryParse(e.Leg, out var leg):
                returned.Remove((leg, e.N));
                break;
            case SettlementHeld e:
                holds.Add(e.Scope);
                break;
            case SettlementReleased e:
                holds.Remove(e.Scope);
                break;
        }
    }
}
