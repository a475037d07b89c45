using StreamSettle.Delivery.Answers;
using StreamSettle.Delivery.Budgets;
using StreamSettle.Delivery.Groups;
using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Channels;

/// <summary>All that a channel knows: pace, admissions, what waits to be sent. Not thread-safe; time comes with each call, effects go out with it.</summary>
internal sealed class ChannelState(DownstreamChannel channel, DownstreamOptions options, IRequestBudget budget)
{
    readonly IRequestBudget budget = budget;
    readonly Pace pace = new(options, budget);
    readonly Admissions admissions = new();
    readonly SendQueue queue = new(channel.Leg, options.BatchBytes);
    readonly BatchSizing sizing = new(options.BatchSize);
    readonly RequestRates rates = new();
    readonly ErrorWindow errors = new();
    readonly List<ChannelMember> members = [];
    readonly List<ChannelMember> toTell = [];
    int callsInFlight;
    long heldBytes;
    bool flush;
    bool stopping;
    RequestFailure? lastError;
    SystemTerms kept = new() { BatchSize = options.BatchSize, ConfiguredBatchSize = options.BatchSize };
    bool mayBeLost;
    SystemTerms? told;

    /// <summary>Calls wait for company: they go as they are when the linger is over.</summary>
    internal bool WantsLinger => queue.BatchableCount > 0 && !flush;

    /// <summary>Nothing is under way, and all outcomes are committed.</summary>
    internal bool IsDrained => pace.InFlight == 0 && members.TrueForAll(member => member.Uncommitted == 0);

    /// <param name="used">Requests of before as the task's store remembers them, oldest first.</param>
    /// <param name="mayBeUsed">Requests that may have been made, as the store has it.</param>
    /// <param name="terms">The system's terms as the task's store remembers them.</param>
    internal void Join(ChannelMember member, IReadOnlyList<(MonotonicInstant At, long Count)> used, long mayBeUsed, SystemTerms? terms, MonotonicInstant now)
    {
        // Before the counts: a window that was learned counts finer than the one that remembers for all.
        if (terms is not null)
        {
            Recall(terms, now);
        }

        budget.Join(member, used, mayBeUsed, now);
        pace.Find((int)Math.Min(mayBeUsed, int.MaxValue));
        members.Add(member);
    }

    /// <summary>The task is gone: what it took and did not hand over, or what was not started yet, is given back.</summary>
    internal void Leave(ChannelMember member, MonotonicInstant now, ChannelEffects effects)
    {
        member.HasLeft = true;
        members.Remove(member);
        budget.Leave(member, now);

        // What it was given to keep and to tell, it may not have committed.
        mayBeLost = true;
        told = null;
        admissions.Return(member);
        var removed = queue.Remove(call => call.Member == member, sizing.Size);
        heldBytes -= removed.Sum(BytesOf);
        admissions.Release(member.Undispatched + removed.Count);
        Pump(now, effects);
    }

    /// <param name="permits">To be reserved in the transaction that the call is in.</param>
    internal bool TryTake(ChannelMember member, int demand, MonotonicInstant now, ChannelEffects effects, out int permits)
    {
        if (IsFull)
        {
            // What was set aside is not for now: it is told when there is room again.
            admissions.Return(member);
        }

        var isTaken = admissions.TryTake(member, demand, Room(now));
        permits = isTaken ? budget.Provide(RequestsTaken, member, now, effects) : 0;
        return isTaken;
    }

    /// <summary>The member needs no more: what was set aside for it goes to others.</summary>
    internal void Return(ChannelMember member, MonotonicInstant now, ChannelEffects effects)
    {
        if (member.Granted > 0)
        {
            admissions.Return(member);
            Distribute(now, effects);
        }
    }

    /// <summary>Committed calls to be sent as soon as there is a slot; what is held by now is given back.</summary>
    internal void Dispatch(ChannelMember member, IReadOnlyList<OutboundCall> calls, UtcInstant wall, MonotonicInstant now, ChannelEffects effects)
    {
        member.Undispatched -= calls.Count;
        foreach (var call in calls)
        {
            heldBytes += BytesOf(call);
            if (IsHeld(call, wall))
            {
                GiveBack(call, effects);
            }
            else
            {
                queue.Add(call, sizing.Size);
            }
        }

        Pump(now, effects);
    }

    /// <summary>The answers of <paramref name="calls"/> calls are handled and committed.</summary>
    internal void Report(ChannelMember member, int calls, LaneCounts counts)
    {
        member.Uncommitted -= calls;
        member.Counts = counts;
    }

    /// <param name="wall">For what people and other tasks are told.</param>
    internal void Finish(DownstreamRequest request, ReadAnswer answer, MonotonicInstant now, UtcInstant wall, ChannelEffects effects)
    {
        callsInFlight -= request.Calls.Length;
        heldBytes -= request.Calls.Sum(BytesOf);
        pace.Finish(now, request.IsProbe, answer.Rates);
        budget.Finish(request, now, effects);
        if (request.IsBatch)
        {
            sizing.Learn(answer.Status, request.Calls.Length);
        }

        string? error = null;
        var ofTheSystem = 0;
        foreach (var meaning in answer.Meanings)
        {
            pace.Judge(now, request.IsProbe, answer.Rates is not null, meaning);
            error ??= ErrorOf(meaning);
            ofTheSystem += IsErrorOfTheSystem(meaning) ? 1 : 0;
        }

        // Kept by a task that is still here, in the transaction that takes its answer in.
        var keeper = Array.FindIndex(request.Calls, call => !call.Member.HasLeft);
        var terms = keeper < 0 ? null : ChangedTerms(wall);
        var news = terms is null ? null : News(terms, now);
        var isOwn = request.Charged == request.Calls[0].Member;
        for (var i = 0; i < request.Calls.Length; i++)
        {
            effects.Tell(request.Calls[i].Member, new ChannelMessage.Answered(request.Calls[i], answer.Meanings[i], i == 0 && isOwn ? 1 : 0, i == keeper ? terms : null)
            {
                News = i == keeper ? news : null,
            });
        }

        if (!isOwn)
        {
            effects.Tell(request.Charged!, ChannelMessage.Spent.Instance);
        }

        rates.Count(now, error is not null);
        errors.Count(now, answer.Meanings.Length, ofTheSystem);
        lastError = error is null ? lastError : new(error, wall);
        Pump(now, effects);
    }

    /// <summary>The group's log tells of a turn.</summary>
    internal void Hear(GroupKey about, GroupRecord record, GroupBudget group, MonotonicInstant now, ChannelEffects effects)
    {
        if (about.Window is { } window)
        {
            group.Hear(record, window, about.Index, now, effects);
            Pump(now, effects);
        }
    }

    /// <summary>Time has passed: what it made possible happens.</summary>
    internal void Tick(MonotonicInstant now, ChannelEffects effects)
    {
        budget.Tick(now, effects);
        Pump(now, effects);
    }

    /// <summary>The linger is over.</summary>
    internal void Flush(MonotonicInstant now, ChannelEffects effects)
    {
        flush = true;
        Pump(now, effects);
    }

    internal void Stop(MonotonicInstant now, ChannelEffects effects)
    {
        stopping = true;

        // What is given back now need not be counted as used by whoever has the partitions next.
        budget.Tick(now + PartitionLedger.PermitAge, effects);
        Pump(now, effects);
    }

    internal ChannelStatus Status(MonotonicInstant now, UtcInstant wall)
    {
        var (open, timed, unknown, dead) = (0, 0, 0, 0);
        foreach (var member in members)
        {
            open += member.Counts.Open;
            timed += member.Counts.Timed;
            unknown += member.Counts.Unknown;
            dead += member.Counts.DeadLetters;
        }

        var (perSecond, errorRatio) = rates.Read(now);
        return new(
            channel.Leg, new(pace.InFlight, Math.Max(0, open - timed - callsInFlight), timed, unknown, dead), new(perSecond, errorRatio, errors.Ratio(now)), budget.Seen(now), Health(now), wall)
        {
            BatchSize = sizing.Size, LastError = lastError,
        };
    }

    /// <summary>An instance of the group tells of the system; also this one, of what it knows.</summary>
    internal void Hear(SystemTerms terms, MonotonicInstant now, ChannelEffects effects)
    {
        if (terms.ToldAt != kept.ToldAt)
        {
            Recall(terms, now);
            told = terms.ToldAt == kept.ToldAt ? kept.ForOthers(now) : told;
            Pump(now, effects);
        }
    }

    void Recall(SystemTerms terms, MonotonicInstant now)
    {
        var isLatest = terms.ToldAt > kept.ToldAt;
        pace.Recall(terms, isLatest, now);
        if (isLatest)
        {
            kept = terms;
            if (terms.ConfiguredBatchSize == options.BatchSize)
            {
                sizing.Recall(terms.BatchSize);
            }
        }
    }

    /// <summary>What others do not know yet; null where they do, or where there are none.</summary>
    SystemTerms? News(SystemTerms terms, MonotonicInstant now)
    {
        var ours = terms.ForOthers(now);
        if (!channel.IsShared || (told is not null && ours.SaysTheSameAs(told.ForOthers(now))))
        {
            return null;
        }

        return told = ours;
    }

    /// <summary>The system's terms where they are not what is kept; each later than the one before, whatever the clock says.</summary>
    SystemTerms? ChangedTerms(UtcInstant wall)
    {
        var terms = pace.Terms with { BatchSize = sizing.Size, ConfiguredBatchSize = options.BatchSize };
        if (!mayBeLost && terms.SaysTheSameAs(kept))
        {
            return null;
        }

        var next = kept.ToldAt + TimeSpan.FromMicroseconds(1);
        mayBeLost = false;
        return kept = terms with { ToldAt = wall > next ? wall : next };
    }

    /// <summary>The holds are others: what waits to be sent and is held is given back.</summary>
    internal void Withhold(UtcInstant wall, MonotonicInstant now, ChannelEffects effects)
    {
        foreach (var call in queue.Remove(call => IsHeld(call, wall), sizing.Size))
        {
            GiveBack(call, effects);
        }

        Pump(now, effects);
    }

    /// <summary>To ask what became of a call moves nothing.</summary>
    bool IsHeld(OutboundCall call, UtcInstant wall) => call.Body is not null && channel.Holds.Current.IsOnCall(call.Key, call.Lane.Merchant, wall);

    void GiveBack(OutboundCall call, ChannelEffects effects)
    {
        admissions.Release(1);
        heldBytes -= BytesOf(call);
        effects.Withhold(call);
    }

    void Pump(MonotonicInstant now, ChannelEffects effects)
    {
        if (GivesBack(Health(now)))
        {
            foreach (var call in queue.Drain())
            {
                GiveBack(call, effects);
            }
        }

        while (queue.Count > 0 && pace.Startable(now) > 0 && queue.Next(channel, sizing.Size, flush) is { } request)
        {
            budget.Start(request);
            admissions.Release(request.Calls.Length);
            request.IsProbe = pace.Start();
            callsInFlight += request.Calls.Length;
            effects.Start(request);
        }

        flush &= queue.BatchableCount > 0;
        if (admissions.Taken > 0)
        {
            // Batches went that were not full, or permits were lost with a task that left.
            budget.Provide(RequestsTaken, taker: null, now, effects);
        }

        Distribute(now, effects);
        if (channel.IsShared && !stopping && pace.MayStart(now))
        {
            budget.Want(RequestsTaken + (admissions.Wanted + sizing.Size - 1) / sizing.Size, now, effects);
        }
    }

    void Distribute(MonotonicInstant now, ChannelEffects effects)
    {
        toTell.Clear();
        admissions.Distribute(Room(now), toTell);
        foreach (var member in toTell)
        {
            effects.Tell(member, ChannelMessage.Room.Instance);
        }
    }

    ChannelHealth Health(MonotonicInstant now) => stopping ? ChannelHealth.Stopping.Instance : pace.Health(now);

    /// <summary>What waits to be sent is not for now.</summary>
    static bool GivesBack(ChannelHealth health) => health switch
    {
        ChannelHealth.Paused or ChannelHealth.ProbeAwaited or ChannelHealth.Stopping => true,
        ChannelHealth.Open or ChannelHealth.Untried or ChannelHealth.Exhausted or ChannelHealth.ProbeDue => false,
        _ => throw new BrokenInvariantException($"unknown health {health}"),
    };

    // A system that is new, or refuses our credentials, gets one call, not a batch.
    int Room(MonotonicInstant now) => IsFull ? 0 : Health(now) switch
    {
        ChannelHealth.Open => pace.Available(now) * sizing.Size,
        ChannelHealth.Untried or ChannelHealth.ProbeDue => pace.Available(now),
        ChannelHealth.Waiting or ChannelHealth.ProbeAwaited or ChannelHealth.Stopping => 0,
        var other => throw new BrokenInvariantException($"unknown health {other}"),
    };

    /// <summary>Requests that the calls taken and not started need.</summary>
    long RequestsTaken => queue.SingleCount + (admissions.Taken - queue.SingleCount + sizing.Size - 1L) / sizing.Size;

    bool IsFull => heldBytes >= DownstreamChannel.MostHeldBytes;

    static long BytesOf(OutboundCall call) => call.Body?.Length ?? 0;

    /// <summary>Not what says something of a call or of us: rejections, 401, and 425 and 429, which ask for patience.</summary>
    static bool IsErrorOfTheSystem(CallAnswer meaning) => meaning is CallAnswer.Unknown or CallAnswer.NeverSent or CallAnswer.RetryLater { MayHaveHappened: true };

    static string? ErrorOf(CallAnswer meaning) => meaning switch
    {
        CallAnswer.Rejected rejected => rejected.Reason,
        CallAnswer.RetryLater later => later.Reason,
        CallAnswer.CredentialsRefused refused => refused.Reason,
        CallAnswer.Unknown unknown => unknown.Reason,
        CallAnswer.NeverSent never => never.Reason,
        CallAnswer.SendAgain again => again.Reason,
        _ => null,
    };
}
