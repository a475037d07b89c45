using StreamSettle.Delivery.Budgets;
using StreamSettle.Delivery.Calls;
using StreamSettle.Delivery.Processing;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Delivery.Rebuilding;

/// <summary>
/// Makes the stores of calls anew by what the event log knows of them. What is confirmed stays so; every other call starts as unknown, so that its system is asked first
/// (contract/events.md). Lanes get their order by when calls could be sent.
/// </summary>
/// <param name="store">The store of a name, and of a partition, to be filled.</param>
/// <param name="open">Puts a dead letter on the list.</param>
public sealed class CallRebuild(Func<string, int, IKeyValueStore> store, Action<DeadLetter> open)
{
    const string MayDiffer =
        "the state was rebuilt, and the invoice of the order's row is another than at the calculation, or nobody can tell: the bytes that may have been sent are lost; a replay sends those of now";

    readonly Dictionary<(Leg Leg, int Partition), CallStore> stores = [];
    readonly List<Waiting> waiting = [];
    readonly List<Waiting> owing = [];

    /// <summary>Calls that may go.</summary>
    public int Open => waiting.Count;

    /// <summary>Confirmed calls whose invoices are to be sent.</summary>
    public int Owing => owing.Count;

    /// <param name="partition">The one that the merchant's calls are of.</param>
    public void Add(KnownCall call, int partition)
    {
        var calls = StoreOf(call.Key.Leg, partition);
        var invoice = FateOf(call);
        var state = new CallState
        {
            Phase = CallPhase.WaitingToAsk, Merchant = call.Merchant, Lane = call.Lane, DueAt = call.DueAt, Attempts = call.Attempts, AttemptsBefore = call.AttemptsBefore,
            Reason = call.Reason, MayHaveHappened = true, KeyAccount = call.KeyAccount, Invoice = invoice, InvoiceAt = invoice == InvoiceFate.InBody ? 0 : call.InvoiceAt,
        };
        switch (call.State)
        {
            case KnownCallState.Confirmed when invoice == InvoiceFate.Owed && !call.InvoiceDelivered:
                calls.Freeze(call.Key, call.Body.Span);
                calls.Save(call.Key, state with { Phase = CallPhase.InvoiceDue, Reason = "" });
                calls.MarkOwingInvoice(call.Key);
                owing.Add(new(call.Key, partition, call.Since, call.DueAt));
                break;
            case KnownCallState.Confirmed:
                calls.Save(call.Key, state with { Phase = CallPhase.Confirmed });
                break;
            case KnownCallState.Discarded:
                calls.Save(call.Key, state with { Phase = CallPhase.Discarded });
                break;
            case KnownCallState.DeadLettered:
                calls.Freeze(call.Key, call.Body.Span);
                calls.Save(call.Key, state with { Phase = CallPhase.DeadLettered });
                calls.MarkDead(call.Key);
                open(DeliveryOutputs.LetterOf(call.Key, state, calls.Body(call.Key, state), call.Since));
                break;
            default:
                calls.Freeze(call.Key, call.Body.Span);
                calls.Save(call.Key, Doubted(state, call.BodyMayDiffer));
                waiting.Add(new(call.Key, partition, call.Since, call.DueAt));
                break;
        }
    }

    /// <summary>Queues what may go: in each lane first what could be sent first. Invoices that are owed have lanes of their own behind them.</summary>
    public void Enqueue()
    {
        waiting.Sort();
        owing.Sort();
        var next = 0L;
        foreach (var (call, partition, _, _) in waiting)
        {
            var calls = StoreOf(call.Leg, partition);
            var state = calls.Load(call) with { QueueNo = next++ };
            calls.Save(call, state);
            calls.Enqueue(call, state);
        }

        foreach (var (call, partition, _, _) in owing)
        {
            var calls = StoreOf(call.Leg, partition);
            calls.Save(call, calls.Load(call) with { QueueNo = next++ });
        }
    }

    /// <summary>
    /// Counts a window's worth of requests as used now: what was used of it before is lost. Of limits that a system has told, its next answer tells what is left; until it has
    /// come one call is in flight at most.
    /// </summary>
    /// <param name="limit">The configured one.</param>
    /// <param name="boot">Of the process's clock; null where it is not known.</param>
    public void UseUp(Leg leg, long limit, MonotonicInstant now, Guid? boot)
    {
        var of = store(new DeliveryNames(leg).Store, 0);
        new BudgetStore(of).AddUntil(now, limit);
        var clock = new StoreClock(of, boot);
        clock.Open(now);
        clock.Keep(now);
    }

    /// <summary>A call of which other bytes may have been sent is never sent again by itself (I4).</summary>
    static CallState Doubted(in CallState state, bool mayDiffer) => mayDiffer
        ? CallDecider.Doubt(state with { Attempts = state.Attempts + 1, Reason = MayDiffer }, CallEnding.DeadLetter)
        : CallDecider.Doubt(state, CallEnding.Send);

    /// <summary>Whether the invoice is in a call's bytes is decided at its first attempt; of one that is not known to have been sent it is not yet.</summary>
    static InvoiceFate FateOf(KnownCall call) => call switch
    {
        { InvoiceAt: 0 } => InvoiceFate.InBody,
        { InvoiceLeftOut: true } => call.Key.N == 0 ? InvoiceFate.Owed : InvoiceFate.LeftOut,
        { Attempts: 0, Key.Returns: 0, State: KnownCallState.Open or KnownCallState.DeadLettered } => InvoiceFate.Undecided,
        _ => InvoiceFate.InBody,
    };

    CallStore StoreOf(Leg leg, int partition)
    {
        if (!stores.TryGetValue((leg, partition), out var calls))
        {
            calls = new(store(new DeliveryNames(leg).Store, partition), leg);
            stores.Add((leg, partition), calls);
        }

        return calls;
    }

    /// <summary>A call's place before all lanes have theirs.</summary>
    readonly record struct Waiting(CallKey Call, int Partition, UtcInstant Since, UtcInstant DueAt) : IComparable<Waiting>
    {
        public int CompareTo(Waiting other) =>
            (Since.Microseconds, DueAt.Microseconds, Call.Order.Value, Call.N, Call.Leg, Call.Returns)
                .CompareTo((other.Since.Microseconds, other.DueAt.Microseconds, other.Call.Order.Value, other.Call.N, other.Call.Leg, other.Call.Returns));
    }
}
