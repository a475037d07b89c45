using StreamSettle.Delivery.Answers;
using StreamSettle.Delivery.Calls;
using StreamSettle.Delivery.Channels;
using StreamSettle.Delivery.Holds;
using StreamSettle.Delivery.Lanes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;

namespace StreamSettle.Delivery.Processing;

/// <summary>
/// One task's calls to one system: a call is stored, then marked as under way, and only when that is committed it is handed to the channel;
/// its answer comes back as a message, is decided, and what follows is one transaction again (I3, I4, I5).
/// </summary>
internal sealed class DeliveryProcessor(DownstreamChannel channel, DeliveryNames names, int seed) : IProcessor<MerchantId, DeliveryCommand>
{
    /// <summary>How often times are looked at: retries, pauses and budgets come this much late at most.</summary>
    internal static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(100);

    // So that no two tasks of a process draw the same sequence.
    const int PartitionsApart = 65_537;

    ProcessorContext context = null!;
    DeliveryOutputs outputs = null!;
    CallStore calls = null!;
    TaskBudget budget = null!;
    LaneQueues lanes = null!;
    CallLauncher launcher = null!;
    OwedInvoices invoices = null!;
    HeldCalls held = null!;
    Random jitter = null!;
    ChannelMember? member;
    Mailbox<ChannelMessage> mailbox = null!;
    LaneCounts reported;
    long nextNo;
    int deadLetters;
    int answered;

    public void Init(ProcessorContext taskContext)
    {
        context = taskContext;
        jitter = new(unchecked(seed * PartitionsApart + context.Task.Partition));
        outputs = new(context, names);
        calls = new(context.Store(names.Store), channel.Leg);
        budget = new(context, channel, context.Store(names.Store), outputs);
        lanes = new(calls, channel.Options.MostOfLane);
        held = new(context, channel, lanes, calls, outputs, new(GoesOn, () => nextNo));
        launcher = new(channel, calls, lanes, budget, held);
        invoices = new(channel, calls, lanes);
        deadLetters = calls.CountDead();
        calls.VisitQueue((place, call) =>
        {
            nextNo = Math.Max(nextNo, place.No + 1);
            lanes.Append(LaneOf(place.Merchant, place.Lane, place.No), place.No, call);
        });
        foreach (var call in calls.Alone())
        {
            var state = calls.Load(call);
            nextNo = Math.Max(nextNo, state.QueueNo + 1);
            lanes.Append(LaneKey.Apart(state.Merchant, state.Lane, state.QueueNo), state.QueueNo, call);
        }

        var shift = budget.Open();
        var used = budget.ReadUsed();
        new LaneRecovery(calls, lanes, budget).Place(shift);
        mailbox = context.Mailbox<ChannelMessage>(Handle);
        member = budget.Join(used, mailbox.Post);
        launcher.Open(member, mailbox, () => context.MonotonicTime);
        ReportCounts();
        context.Schedule(TickInterval, PunctuationType.WallClockTime, Tick);
    }

    public void Process(scoped in Record<MerchantId, DeliveryCommand> record)
    {
        var command = record.Value;
        if (command.Key.Leg != channel.Leg)
        {
            throw new BrokenInvariantException($"the call {command.Key} was handed to the delivery of {channel.Leg.Name()}");
        }

        switch (command.Kind)
        {
            case DeliveryCommandKind.Send:
                Accept(command, null);
                break;
            case DeliveryCommandKind.Ask:
                Accept(command, CallEnding.Send);
                break;
            case DeliveryCommandKind.Claim:
                Accept(command, CallEnding.SendOrHold);
                break;
            case DeliveryCommandKind.Replay:
                Replay(command);
                break;
            case DeliveryCommandKind.Discard:
                Discard(command);
                break;
            case DeliveryCommandKind.Forget:
                Forget(command.Key);
                break;
        }

        launcher.LaunchReady();
    }

    public void BeforeCommit() => budget.BeforeCommit();

    public void AfterCommit()
    {
        ReportCounts();
        launcher.AfterCommit();
    }

    public void Close()
    {
        if (member is not null)
        {
            channel.Leave(member);
        }
    }

    void Tick(UtcInstant wall)
    {
        lanes.WakeDue(context.MonotonicTime);
        held.Tick();
        budget.Tick();
        channel.Tick();
        launcher.LaunchReady();
    }

    /// <summary>A key that is known already, whatever became of it, changes nothing (I3).</summary>
    /// <param name="asked">Of a call that may have been sent from a state that was lost: what it comes to where the system does not know it. Null for any other.</param>
    void Accept(scoped in DeliveryCommand command, CallEnding? asked)
    {
        if (calls.TryLoad(command.Key, out _))
        {
            return;
        }

        if (command.InvoiceAt > 0)
        {
            InvoiceCut.Check(command.Body, command.InvoiceAt);
        }

        calls.Freeze(command.Key, command.Body);
        var state = new CallState
        {
            Phase = CallPhase.Waiting, Merchant = command.Merchant, Lane = command.Lane, DueAt = command.DueAt, QueueNo = nextNo, KeyAccount = command.KeyAccount,
            InvoiceAt = command.InvoiceAt, Invoice = command.InvoiceAt > 0 ? InvoiceFate.Undecided : InvoiceFate.InBody,
        };
        state = command.Key.Returns > 0 && calls.TryLoad(command.Key.BeforeReturn(), out var undone) ? CallDecider.AsBefore(state, undone) : state;
        Enqueue(command.Key, asked is { } ending ? CallDecider.Doubt(state, ending) : state);
    }

    void Replay(scoped in DeliveryCommand command)
    {
        if (TryFindDeadLetter(command.Key, out var state))
        {
            Unlist(command.Key);
            outputs.Forward(new(DeliveryOutcome.Replayed, command.Key, state.Merchant, state.Attempts, context.SystemTime, "", command.By, command.RequestId, command.Note));
            Enqueue(command.Key, CallDecider.Replay(state, nextNo));
        }
    }

    void Discard(scoped in DeliveryCommand command)
    {
        if (!TryFindDeadLetter(command.Key, out var state))
        {
            return;
        }

        var next = CallDecider.Discard(state, nextNo, command.By, command.RequestId, command.Note);
        if (next.IsOver)
        {
            Unlist(command.Key);
            outputs.Forward(new(
                DeliveryOutcome.Discarded, command.Key, state.Merchant, state.Attempts, context.SystemTime, "", command.By, command.RequestId, command.Note));
            calls.DropBody(command.Key);
            calls.Save(command.Key, next);
            return;
        }

        nextNo++;
        calls.Save(command.Key, next);
        calls.MarkBeingDiscarded(command.Key);
        outputs.AddDeadLetter(command.Key, next with { Reason = state.Reason }, calls.Body(command.Key, next), context.SystemTime);
        lanes.Place(lanes.Append(LaneKey.Apart(next.Merchant, next.Lane, next.QueueNo), next.QueueNo, command.Key)!, next);
    }

    /// <summary>Its order's retention is over, and its calls were over before. One that is not is kept: whatever it still does has to be known.</summary>
    void Forget(CallKey call)
    {
        if (calls.TryLoad(call, out var state) && state.Phase is CallPhase.Confirmed or CallPhase.Discarded)
        {
            calls.Forget(call);
        }
    }

    /// <summary>Any other call is left alone.</summary>
    bool TryFindDeadLetter(CallKey call, out CallState state) => calls.TryLoad(call, out state) && state.Phase == CallPhase.DeadLettered;

    /// <summary>Takes a dead letter off the list.</summary>
    void Unlist(CallKey call)
    {
        deadLetters--;
        calls.UnmarkDead(call);
        outputs.RemoveDeadLetter(call, context.SystemTime);
    }

    void Enqueue(CallKey call, in CallState state)
    {
        nextNo++;
        calls.Save(call, state);
        calls.Enqueue(call, state);
        var place = LaneOf(state.Merchant, state.Lane, state.QueueNo);
        if (lanes.Append(place, state.QueueNo, call) is { } lane)
        {
            lanes.Place(lane, state);
        }
        else
        {
            held.Appended(place, call, state);
        }
    }

    /// <summary>Its order is held no more.</summary>
    void GoesOn(CallKey call, CallState state) => Enqueue(call, state with { QueueNo = nextNo });

    void Handle(ChannelMessage message)
    {
        switch (message)
        {
            case ChannelMessage.Answered answer:
                budget.Spend(answer.Requests);
                budget.Keep(answer);
                Take(answer.Call, answer.Answer);
                break;
            case ChannelMessage.Withheld { Call: var call }:
                Take(call, CallAnswer.Withheld.Instance);
                break;
            case ChannelMessage.Room:
                launcher.Room();
                HurryArmed();
                return;
            case ChannelMessage.OfBudget ofBudget:
                budget.Take(ofBudget);
                break;
            default:
                throw new BrokenInvariantException($"unknown message {message}");
        }

        launcher.LaunchReady();
        HurryArmed();
    }

    /// <summary>A call that waited for an answer or for room waits for nothing more than its commit: from there it is the speed of its lane.</summary>
    void HurryArmed()
    {
        if (launcher.HasArmed)
        {
            context.HurryCommit();
        }
    }

    void Take(OutboundCall call, CallAnswer answer)
    {
        answered++;
        budget.Written();
        var lane = lanes.Get(call.Lane);
        Decide(lane, lanes.Answered(lane, call.Key), answer);
    }

    void Decide(CallLane lane, int at, CallAnswer answer)
    {
        var (call, state, now) = (lane.KeyAt(at), lane.StateAt(at), context.SystemTime);
        var decision = CallDecider.Decide(state, answer, context.MonotonicTime, channel.Options, jitter.NextDouble());
        var next = decision.Next;
        calls.Save(call, next);
        if (decision.Outcome is { } outcome)
        {
            var (by, request, note) = outcome switch
            {
                DeliveryOutcome.Discarded => (next.DiscardedBy, next.RequestId, next.Note),
                DeliveryOutcome.InvoiceDelivered => default,
                _ => (null, null, next.LeavesOutInvoice ? LeftOutInvoice.Note : null),
            };
            outputs.Forward(new(outcome, call, next.Merchant, next.Attempts, now, decision.Text, by, request, note));
        }

        if (state.IsOwingInvoice && next.IsOver)
        {
            invoices.End(lane, decision);
        }
        else if (next.IsOver)
        {
            End(lane, at, next, now);
        }
        else if (next.IsOwingInvoice && !state.IsOwingInvoice)
        {
            Leave(lane, at, state);
            invoices.Add(call, next, nextNo++);
        }
        else
        {
            lanes.Keep(lane, at, next);
        }
    }

    void End(CallLane lane, int at, in CallState state, UtcInstant now)
    {
        var call = lane.KeyAt(at);
        if (state.Phase == CallPhase.DeadLettered)
        {
            deadLetters++;
            calls.MarkDead(call);
            outputs.AddDeadLetter(call, state, calls.Body(call, state), now);
        }
        else
        {
            calls.DropBody(call);
        }

        Leave(lane, at, state);
    }

    /// <summary>The call leaves its lane: the next one may go.</summary>
    void Leave(CallLane lane, int at, in CallState state)
    {
        var call = lane.KeyAt(at);
        if (state.IsBeingDiscarded)
        {
            Unlist(call);
            calls.UnmarkBeingDiscarded(call);
        }
        else
        {
            calls.Dequeue(state);
        }

        lanes.Remove(lane, at);
    }

    void ReportCounts()
    {
        var counts = new LaneCounts(lanes.Open + held.ApartCount, lanes.TimedCount, lanes.UnknownCount, deadLetters, lanes.InvoiceCount);
        if (answered > 0 || counts != reported)
        {
            channel.Report(member!, answered, counts);
            (answered, reported) = (0, counts);
        }
    }

    LaneKey LaneOf(MerchantId merchant, Lane lane, long no) => new(merchant, lane, channel.Options.Ordered ? 0 : no);
}
