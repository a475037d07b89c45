using StreamSettle.Delivery.Breakers;
using StreamSettle.Delivery.Budgets;
using StreamSettle.Delivery.Groups;
using StreamSettle.Delivery.Lanes;
using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Channels;

/// <summary>All that a channel knows: pace, admissions, what waits to be sent. Not thread-safe; time comes with each call, effects go out with it.</summary>
internal sealed class ChannelState
{
    readonly DownstreamChannel channel;
    readonly DownstreamOptions options;
    readonly IRequestBudget budget;
    readonly Pace pace;
    readonly Admissions admissions;
    readonly Breaker breaker;
    readonly SendQueue queue;
    readonly BatchSizing sizing;
    readonly RunLimit runs;
    readonly RequestRates rates = new();
    readonly List<ChannelMember> members = [];
    readonly List<ChannelMember> toTell = [];
    readonly Func<CallClass, bool> mayGo;
    int callsInFlight;
    long heldBytes;
    bool stopping;
    RequestFailure? lastError;
    readonly ChannelTerms known;
    readonly BatchPatience patience;

    internal ChannelState(DownstreamChannel channel, DownstreamOptions options, IRequestBudget budget)
    {
        (this.channel, this.options, this.budget) = (channel, options, budget);
        pace = new(options, budget);
        admissions = new(options.PriorityShare);
        breaker = new(options);
        mayGo = breaker.MayGo;
        queue = new(channel.Leg, options);
        sizing = new(options.BatchSize);
        runs = new(options, sizing);
        known = new(options, channel.IsShared);
        patience = new(options.BatchSize);
    }

    /// <inheritdoc cref="BatchPatience.LeftOf"/>
    internal TimeSpan? LingerLeft(MonotonicInstant now) => patience.LeftOf(now);

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
            breaker.Recall(terms.Degraded, terms.ToldAt, now);
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
        known.MayBeLost();
        ReturnAll(member);
        var removed = queue.Remove(call => call.Member == member, sizing.Size);
        heldBytes -= removed.Sum(BytesOf);
        admissions.Release(member.Undispatched + removed.Count);
        admissions.EndProbes(member.ProbesTaken + removed.Count(call => call.IsProbe));
        Pump(now, effects);
    }

    /// <param name="room">What was taken, for a call that is in the member's transaction.</param>
    internal bool TryTake(AdmissionSeat seat, int demand, MonotonicInstant now, ChannelEffects effects, out Admission room)
    {
        var member = seat.Member;
        if (IsFull)
        {
            // What was set aside is not for now: it is told when there is room again.
            ReturnAll(member);
        }

        var isTaken = admissions.TryTake(seat, demand, breaker.MayGo(seat.Class) ? Room(now) : 0, mayGo, out var isProbe);
        room = isTaken
            ? new(budget.Provide(RequestsTaken, member, now, effects), isProbe, breaker.Mode != BreakerMode.Closed) { MostOfLane = isProbe ? 1 : runs.Most }
            : default;
        return isTaken;
    }

    /// <summary>Takes room for more calls of the lane whose first one has some, at most so many.</summary>
    internal int TakeMore(AdmissionSeat seat, int most, MonotonicInstant now, ChannelEffects effects, out Admission room)
    {
        var taken = IsFull || !breaker.MayGo(seat.Class) ? 0 : admissions.TakeMore(seat, most, Room(now), mayGo);
        room = taken > 0 ? new(budget.Provide(RequestsTaken, seat.Member, now, effects), IsProbe: false, breaker.Mode != BreakerMode.Closed) : default;
        return taken;
    }

    /// <summary>Room that was taken and is not needed.</summary>
    internal void GiveBack(AdmissionSeat seat, int calls, MonotonicInstant now, ChannelEffects effects)
    {
        admissions.GiveBack(seat, calls);
        Distribute(now, effects);
    }

    /// <summary>The member needs no more for calls of this class: what was set aside for them goes to others.</summary>
    internal void Return(AdmissionSeat seat, MonotonicInstant now, ChannelEffects effects)
    {
        if (seat.Granted > 0)
        {
            admissions.Return(seat);
            Distribute(now, effects);
        }
    }

    /// <summary>Committed calls to be sent as soon as there is a slot; what is held by now is given back.</summary>
    internal void Dispatch(ChannelMember member, IReadOnlyList<OutboundCall> calls, UtcInstant wall, MonotonicInstant now, ChannelEffects effects)
    {
        member.Undispatched -= calls.Count;
        var place = new PlaceInRun();
        foreach (var call in calls)
        {
            heldBytes += BytesOf(call);
            member.ProbesTaken -= call.IsProbe ? 1 : 0;
            if (MayGo(call) && !IsHeld(call, wall) && place.Of(call) < runs.Most)
            {
                queue.Add(call, sizing.Size);
                patience.Came(call.Lane, now);
            }
            else
            {
                Withhold([call], effects);
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
        callsInFlight -= request.IsPatch ? 0 : request.Calls.Length;
        admissions.EndProbes(request.BreakerProbes);
        heldBytes -= request.Calls.Sum(BytesOf);
        pace.Finish(now, request.IsProbe, answer.Rates);
        budget.Finish(request, now, effects);
        runs.Judge(answer);
        if (request.IsBatch)
        {
            sizing.Learn(answer.Status, request.Calls.Length);
        }

        string? error = null;
        foreach (var meaning in answer.Meanings)
        {
            pace.Judge(now, request.IsProbe, answer.Rates is not null, meaning);
            error ??= SystemErrors.ReasonOf(meaning);
        }

        Judge(request, answer, now, wall, effects);

        // Kept by a task that is still here, in the transaction that takes its answer in.
        var keeper = Array.FindIndex(request.Calls, call => !call.Member.HasLeft);
        var terms = keeper < 0 ? null : known.Changed(Terms, wall);
        var news = terms is null ? null : known.News(terms, now);
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
        breaker.Tick(now);
        Pump(now, effects);
    }

    /// <summary>A linger may be over.</summary>
    internal void EndLinger(MonotonicInstant now, ChannelEffects effects)
    {
        patience.Tick(now);
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
        var counts = LaneCounts.Sum(members);
        var (perSecond, errorRatio) = rates.Read(now);
        return new(
            channel.Leg, new(pace.InFlight, Math.Max(0, counts.Open - counts.Timed - callsInFlight), counts.Timed, counts.Unknown, counts.DeadLetters, counts.Invoices), new(perSecond, errorRatio, breaker.Ratio(now)), budget.Seen(now), Health(now), wall)
        {
            BatchSize = sizing.Size, LastError = lastError, Breaker = breaker.Status(now, wall), OrderBreach = runs.Breach,
        };
    }

    /// <summary>An instance of the group tells of the system; also this one, of what it knows.</summary>
    internal void Hear(SystemTerms terms, MonotonicInstant now, ChannelEffects effects)
    {
        if (terms.ToldAt != known.ToldAt)
        {
            Recall(terms, now);
            known.Heard(terms, now);
            Pump(now, effects);
        }
    }

    SystemTerms Terms => pace.Terms with { BatchSize = sizing.Size, ConfiguredBatchSize = options.BatchSize, Degraded = breaker.Degradation };

    void Recall(SystemTerms terms, MonotonicInstant now)
    {
        var isLatest = known.TakeUp(terms);
        pace.Recall(terms, isLatest, now);
        if (isLatest && terms.ConfiguredBatchSize == options.BatchSize)
        {
            sizing.Recall(terms.BatchSize);
        }
    }

    /// <summary>The holds are others: what waits to be sent and is held is given back.</summary>
    internal void Withhold(UtcInstant wall, MonotonicInstant now, ChannelEffects effects)
    {
        Withhold(queue.Remove(call => IsHeld(call, wall), sizing.Size), effects);
        Pump(now, effects);
    }

    /// <summary>To ask what became of a call moves nothing, nor does an invoice of one that is confirmed.</summary>
    bool IsHeld(OutboundCall call, UtcInstant wall) =>
        call is { Body: not null, IsPatch: false } && channel.Holds.Current.IsOnCall(call.Key, call.Lane.Merchant, wall);

    void Pump(MonotonicInstant now, ChannelEffects effects)
    {
        if (GivesBack(Health(now)))
        {
            Withhold(queue.Drain(), effects);
        }

        Withhold(runs.Fit(queue), effects);
        while (queue.Count > 0 && pace.Startable(now) > 0 && queue.Next(channel, sizing.Size, patience.MayGo(OthersCome, now)) is { } request)
        {
            patience.Went(request, sizing.Size, now);

            budget.Start(request);
            admissions.Release(request.Calls.Length);
            request.IsProbe = pace.Start();
            request.Round = breaker.Round;
            callsInFlight += request.IsPatch ? 0 : request.Calls.Length;
            effects.Start(request);
        }

        patience.Left(queue.BatchableCount, OthersCome, now);
        if (admissions.Taken > 0)
        {
            // Batches went that were not full, or permits were lost with a task that left.
            budget.Provide(RequestsTaken, taker: null, now, effects);
        }

        Distribute(now, effects);
        if (channel.IsShared && !stopping && pace.MayStart(now))
        {
            budget.Want(RequestsTaken + (admissions.Wanted(mayGo) + sizing.Size - 1) / sizing.Size + (IsProbeDue(now) && admissions.Wanted(of => !breaker.MayGo(of)) > 0 ? 1 : 0), now, effects);
        }
    }

    void Distribute(MonotonicInstant now, ChannelEffects effects)
    {
        toTell.Clear();
        admissions.Distribute(Room(now), mayGo, toTell);
        if (IsProbeDue(now) && admissions.GrantProbe(Room(now), mayGo, toTell))
        {
            breaker.Probe(now);
        }

        foreach (var member in toTell)
        {
            effects.Tell(member, ChannelMessage.Room.Instance);
        }
    }

    bool IsProbeDue(MonotonicInstant now) => breaker.IsProbeDue(admissions.Probes, now);

    void ReturnAll(ChannelMember member)
    {
        foreach (var seat in member.Seats)
        {
            admissions.Return(seat);
        }
    }

    void Withhold(IReadOnlyList<OutboundCall> calls, ChannelEffects effects)
    {
        foreach (var call in calls)
        {
            admissions.Release(1);
            admissions.EndProbes(call.IsProbe ? 1 : 0);
            heldBytes -= BytesOf(call);
            effects.Withhold(call);
        }
    }

    /// <summary>What the answer says of the system's errors; calls that may not go any more lose their room.</summary>
    void Judge(DownstreamRequest request, ReadAnswer answer, MonotonicInstant now, UtcInstant wall, ChannelEffects effects)
    {
        var before = breaker.Mode;
        breaker.Count(request.Round, request.BreakerProbes > 0, SystemErrors.Of(answer.Meanings), now, wall);
        if (breaker.Mode > before)
        {
            admissions.Revoke(members, mayGo);
            Withhold(queue.Remove(call => !MayGo(call), sizing.Size), effects);
        }
    }

    bool MayGo(OutboundCall call) => call.IsProbe || breaker.MayGo(call.Class);

    ChannelHealth Health(MonotonicInstant now) => stopping ? ChannelHealth.Stopping.Instance : (pace.Health(now), breaker.Mode) switch
    {
        (ChannelHealth.Open, BreakerMode.Degraded) => ChannelHealth.Degraded.Instance,
        (ChannelHealth.Open or ChannelHealth.Untried, BreakerMode.Away) => ChannelHealth.Away.Instance,
        var (health, _) => health,
    };

    /// <summary>What waits to be sent is not for now.</summary>
    static bool GivesBack(ChannelHealth health) => health switch
    {
        ChannelHealth.Paused or ChannelHealth.ProbeAwaited or ChannelHealth.Stopping => true,
        ChannelHealth.Open or ChannelHealth.Degraded or ChannelHealth.Away or ChannelHealth.Untried or ChannelHealth.Exhausted or ChannelHealth.ProbeDue => false,
        _ => throw new BrokenInvariantException($"unknown health {health}"),
    };

    // A system that is new, or refuses our credentials, gets one call, not a batch.
    int Room(MonotonicInstant now) => IsFull ? 0 : Health(now) switch
    {
        ChannelHealth.Open or ChannelHealth.Degraded => pace.Available(now) * sizing.Size,
        ChannelHealth.Away or ChannelHealth.Untried or ChannelHealth.ProbeDue => pace.Available(now),
        ChannelHealth.Waiting or ChannelHealth.ProbeAwaited or ChannelHealth.Stopping => 0,
        var other => throw new BrokenInvariantException($"unknown health {other}"),
    };

    /// <summary>Requests that the calls taken and not started need.</summary>
    long RequestsTaken => queue.SingleCount + (admissions.Taken - queue.SingleCount + sizing.Size - 1L) / sizing.Size;

    /// <summary>Calls were taken that are not in the queue yet: they are marked, and come when that is committed.</summary>
    bool OthersCome => admissions.Taken > queue.Count;

    bool IsFull => heldBytes >= DownstreamChannel.MostHeldBytes;

    static long BytesOf(OutboundCall call) => call.Body?.Length ?? 0;
}
