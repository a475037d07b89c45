using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Holds;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Settle;

namespace StreamSettle.Topology.Rebuilding;

/// <summary>An order as the event log knows it: the fold of its events, and what they tell beside it of that which a rebuild needs.</summary>
public sealed class OrderPast
{
    readonly Dictionary<(int N, Leg Leg), CallPast> calls = [];
    readonly Dictionary<string, (SettlementHeld Told, UtcInstant At)> held = [];
    readonly HashSet<string> withoutInvoice = new(StringComparer.Ordinal);
    readonly HashSet<string> withInvoiceSince = new(StringComparer.Ordinal);

    OrderPast(OrderId order) => Order = order;

    public OrderId Order { get; }

    public SettlementState State { get; private set; } = SettlementState.Unknown;

    /// <summary>How its money was divided; null before.</summary>
    public SettlementCalculated? Calculated { get; private set; }

    /// <summary>Its mark was passed once, and from then on it is settle's.</summary>
    public bool IsHandedOver { get; private set; }

    /// <summary>It came by a changed primary key, and nobody has replayed it since.</summary>
    internal bool KeyChanged { get; private set; }

    /// <summary>It was refused as too old, and nobody has replayed it since.</summary>
    internal bool SeenBefore { get; private set; }

    /// <summary>Of the last fact that its row brought about.</summary>
    internal string Cause { get; private set; } = "";

    /// <summary>When the last fact was established.</summary>
    internal UtcInstant LastAt { get; private set; }

    /// <summary>When a calculation was refused last.</summary>
    internal UtcInstant RefusedAt { get; private set; }

    /// <param name="events">All of them, in their order.</param>
    /// <exception cref="CorruptStateException">They cannot be those of one order.</exception>
    public static OrderPast Of(OrderId order, IReadOnlyList<SettlementEvent> events)
    {
        var past = new OrderPast(order);
        foreach (var happened in events)
        {
            past.Take(happened);
        }

        return past;
    }

    /// <summary>The holds that keep it back, as its facts tell them, but for those of which more is known.</summary>
    /// <param name="known">Their ids.</param>
    internal IEnumerable<Hold> HoldsBut(IReadOnlySet<string> known)
    {
        foreach (var text in State.Held)
        {
            var (told, at) = held[text];
            if (HoldScope.TryParse(text, out var scope) && !known.Contains(IdOf(told)))
            {
                yield return new($"rebuilt-{text}", scope, told.Reason, told.By, at, Until: null);
            }
        }
    }

    /// <summary>See <see cref="Hold.Cause"/>.</summary>
    static string IdOf(SettlementHeld told) => told.Cause[Math.Min(told.By.Length + 1, told.Cause.Length)..];

    internal CallPast CallOf(Leg leg, int n) => calls.GetValueOrDefault((n, leg), new(LastAt));

    /// <summary>Whether the call of this key went without its invoice, as one does whose effect was undone (contract), and whether that was sent since.</summary>
    internal (bool LeftOut, bool Delivered) InvoiceOf(CallKey call)
    {
        var leftOut = false;
        for (var returns = 0; returns <= call.Returns && withoutInvoice.Count > 0 && !leftOut; returns++)
        {
            leftOut = withoutInvoice.Contains((call with { Returns = returns }).ToString());
        }

        return (leftOut, leftOut && withInvoiceSince.Contains(call.ToString()));
    }

    void Take(SettlementEvent happened)
    {
        LastAt = PendingFold.Instant(happened.RecordedAt);
        var before = State;
        try
        {
            State = SettlementFold.Evolve(State, happened);
        }
        catch (CorruptStateException corrupt)
        {
            throw new CorruptStateException($"the event log cannot be folded at order {Order}: {corrupt.Message}", corrupt);
        }

        Note(happened);
        if (State.Settled is { } settled && !ReferenceEquals(State, before))
        {
            NoteOpened(before.Settled, settled);
        }
    }

    void Note(SettlementEvent happened)
    {
        switch (happened)
        {
            case SettlementScheduled or SettlementRescheduled or SettlementCancelled:
                Cause = happened.Cause;
                break;
            case SettlementHeld e:
                held[e.Scope] = (e, LastAt);
                break;
            case SettlementDue:
                IsHandedOver = true;
                break;
            case SettlementCalculated calculated:
                (Calculated, IsHandedOver) = (calculated, true);
                break;
            case DeliveryDeadLettered e when e.Leg == Leg.Calculation.Name():
                (Cause, RefusedAt) = (happened.Cause, LastAt);
                KeyChanged |= e is { N: 0, Reason: Refusals.ChangedKey };
                SeenBefore |= e is { N: 0, Reason: Refusals.TooOld };
                break;
            case DeliveryReplayed e when e.Leg == Leg.Calculation.Name():
                (KeyChanged, SeenBefore) = (false, false);
                break;
            case InvoiceDelivered e:
                withInvoiceSince.Add(e.Key);
                break;
            case DeliveryFailed e:
                NoteInvoice(e.Key, e.InvoiceLeftOut);
                NoteAttempt(e.Leg, e.N, call => call with { Attempts = Math.Max(call.Attempts, e.Attempt), Reason = e.Reason });
                break;
            case DeliveryConfirmed e:
                NoteInvoice(e.Key, e.InvoiceLeftOut);
                NoteAttempt(e.Leg, e.N, call => call with { Attempts = Math.Max(call.Attempts, e.Attempt), IsConfirmed = true });
                break;
            case DeliveryDeadLettered e:
                NoteInvoice(e.Key, e.InvoiceLeftOut);
                NoteAttempt(e.Leg, e.N, call => call with { Since = LastAt, Attempts = Math.Max(call.Attempts, e.Attempt), Reason = e.Reason });
                break;
            case DeliveryReplayed e:
                NoteAttempt(e.Leg, e.N, call => call with { Since = LastAt, Attempts = Math.Max(call.Attempts, e.Attempt), AttemptsBefore = e.Attempt });
                break;
        }
    }

    void NoteInvoice(string key, bool? leftOut)
    {
        if (leftOut is true)
        {
            withoutInvoice.Add(key);
        }
    }

    void NoteAttempt(string name, int n, Func<CallPast, CallPast> change)
    {
        if (LegNames.TryParse(name, out var leg))
        {
            calls[(n, leg)] = change(CallOf(leg, n));
        }
    }

    /// <summary>Calls that could be sent from this fact on.</summary>
    void NoteOpened(SettledOrder? before, SettledOrder after)
    {
        for (var n = 0; n <= after.Reversals.Length; n++)
        {
            var (was, now) = (before?.LegsOf(n) ?? default, after.LegsOf(n));
            foreach (var leg in LegStates.All)
            {
                if (now[leg] == LegState.Sent && was[leg] is LegState.None or LegState.Waiting or LegState.Deferred or LegState.Returned)
                {
                    calls[(n, leg)] = new(LastAt);
                }
            }
        }
    }
}
