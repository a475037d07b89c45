using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging;
using StreamSettle.Delivery.Answers;
using StreamSettle.Delivery.Budgets;
using StreamSettle.Delivery.Groups;
using StreamSettle.Delivery.Http;
using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Holds;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Channels;

/// <summary>The way to one downstream system, shared by all tasks of a process: concurrency, budget, batches and credentials are one for all of them.</summary>
/// <remarks>Thread-safe. Nothing is started, and no task is told anything, inside of the lock.</remarks>
public sealed class DownstreamChannel : IAnswerTaker, IAsyncDisposable
{
    /// <summary>Frozen bytes in hand above which no more calls are taken: bodies are read when there is a way to send them, not before.</summary>
    internal const long MostHeldBytes = 32 * 1024 * 1024;

    /// <summary>How long a stop waits for requests under way; what is not over then is left to the next start.</summary>
    public static readonly TimeSpan StopBound = TimeSpan.FromSeconds(10);

    /// <summary>Half of a task's interval.</summary>
    const long TickEveryUs = 50_000;

    readonly Lock gate = new();
    readonly IDownstreamTransport transport;
    readonly TimeProvider time;
    readonly ChannelState state;
    readonly GroupBudget? group;
    readonly Guid run;

    // Where nothing can come of a step: it costs nothing then.
    readonly ChannelEffects nothing;
    readonly DeliveryMeter meter;
    readonly ITimer linger;
    readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long tickedUs = -TickEveryUs;
    bool lingers;
    bool stopping;

    /// <param name="transport">Owned: disposed with the channel.</param>
    /// <param name="boot">Which boot of which machine the monotonic clock counts from; null where it is not known: then no time counts that passed between two starts.</param>
    /// <param name="seat">In the group whose instances share the budget; null where all partitions are this process's for ever.</param>
    public DownstreamChannel(Leg leg, DownstreamOptions options, IDownstreamTransport transport, TimeProvider time, Guid? boot = null, GroupSeat? seat = null)
    {
        (Leg, Options, this.transport, this.time, Boot) = (leg, options, transport, time, boot);
        nothing = new(time);
        group = seat is null ? null : new(options, seat);
        run = seat?.Run ?? Guid.Empty;
        state = new(this, options, (IRequestBudget?)group ?? new WholeBudget(options));
        linger = time.CreateTimer(_ => EndLinger(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        meter = new(this);
    }

    public Leg Leg { get; }

    internal DownstreamOptions Options { get; }

    internal Guid? Boot { get; }

    /// <summary>Told of invoices that are given up. Default: nobody.</summary>
    internal ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>What people keep back.</summary>
    internal HoldBook Holds { get; private set; } = new();

    /// <summary>The budget is kept by partitions' shares: other instances have the others'.</summary>
    internal bool IsShared => group is not null;

    /// <summary>Names this run of the process in the group's log.</summary>
    internal Guid Run => run;

    /// <summary>A channel over HTTP.</summary>
    /// <exception cref="Kernel.Failures.UserMistakeException">The client certificate or a header's file cannot be read.</exception>
    public static DownstreamChannel OverHttp(Leg leg, DownstreamOptions options, TimeProvider time, Guid? boot = null, GroupSeat? seat = null, ILogger? logger = null) =>
        new(leg, options, HttpTransport.Create(options, $"Downstreams:{leg}", time, logger ?? NullLogger.Instance), time, boot, seat) { Logger = logger ?? NullLogger.Instance };

    /// <summary>From now on it goes by what people hold; before its first task. By default nothing is held.</summary>
    public DownstreamChannel GoBy(HoldBook holds)
    {
        Holds = holds;
        holds.OnChange(Withhold);
        return this;
    }

    /// <summary>How delivery to the system stands now. Cheap, from any thread.</summary>
    public ChannelStatus Status()
    {
        lock (gate)
        {
            return state.Status(Now, UtcInstant.Now(time));
        }
    }

    /// <summary>Starts nothing more and waits until what is under way is over and committed by its tasks, or the bound has passed. Call it before the tasks stop.</summary>
    /// <returns>Whether everything is over; what is not is left to the next start.</returns>
    public async Task<bool> StopAsync()
    {
        Step((effects, now) =>
        {
            stopping = true;
            state.Stop(now, effects);
        });
        try
        {
            await drained.Task.WaitAsync(StopBound, time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await linger.DisposeAsync().ConfigureAwait(false);
        meter.Dispose();
        transport.Dispose();
    }

    internal ChannelMember Join(
        int partition, Action<ChannelMessage> post, IReadOnlyList<(MonotonicInstant At, long Count)> used, long mayBeUsed, SystemTerms? terms = null)
    {
        var member = new ChannelMember(partition, post);
        lock (gate)
        {
            state.Join(member, used, mayBeUsed, terms, Now);
        }

        return member;
    }

    internal void Leave(ChannelMember member) => Step((effects, now) => state.Leave(member, now, effects));

    /// <summary>Takes room for a call that the member marks as under way next.</summary>
    internal bool TryTake(AdmissionSeat seat, int demand, out Admission room)
    {
        if (group is null)
        {
            lock (gate)
            {
                return state.TryTake(seat, demand, Now, nothing, out room);
            }
        }

        var effects = new ChannelEffects(time);
        bool isTaken;
        lock (gate)
        {
            isTaken = state.TryTake(seat, demand, Now, effects, out room);
        }

        effects.Run(transport);
        return isTaken;
    }

    /// <summary>Takes room for more calls of the lane whose first one has some.</summary>
    /// <returns>For how many of them; the others wait for that one's answer.</returns>
    internal int TakeMore(AdmissionSeat seat, int most, out Admission room)
    {
        var effects = new ChannelEffects(time);
        int taken;
        lock (gate)
        {
            taken = state.TakeMore(seat, most, Now, effects, out room);
        }

        effects.Run(transport);
        return taken;
    }

    /// <summary>Room that was taken and is not needed.</summary>
    internal void GiveBack(AdmissionSeat seat, int calls) => Step((effects, now) => state.GiveBack(seat, calls, now, effects));

    internal void Return(AdmissionSeat seat) => Step((effects, now) => state.Return(seat, now, effects));

    /// <summary>Calls are committed as under way, and permits as reserved.</summary>
    internal void Dispatch(ChannelMember member, IReadOnlyList<OutboundCall> calls, int permits = 0) => Step((effects, now) =>
    {
        group?.Secure(member, permits);
        state.Dispatch(member, calls, UtcInstant.Now(time), now, effects);
    });

    internal void Report(ChannelMember member, int calls, LaneCounts counts) => Step((_, _) => state.Report(member, calls, counts));

    /// <summary>A record of the group came.</summary>
    internal void Hear(GroupKey about, GroupRecord record) => Step((effects, now) => Hear(about, record, terms => terms.From(now), now, effects));

    /// <summary>A record of the group was kept, by this instance before a restart, or by others.</summary>
    internal void Recall(GroupKey about, GroupRecord record) => Step((effects, now) => Hear(about, record, terms => terms.Kept(now, UtcInstant.Now(time)), now, effects));

    /// <summary>What became of an invoice that had been left out, committed or about to be.</summary>
    /// <param name="reason">Why it was given up; null where it was delivered.</param>
    internal void InvoiceOver(CallKey call, string? reason)
    {
        meter.InvoiceOver(delivered: reason is null);
        if (reason is not null)
        {
            Logger.InvoiceGivenUp(call.ToString(), reason);
        }
    }

    /// <summary>Time has passed. Every task says so at the same moment; one of them is enough.</summary>
    internal void Tick()
    {
        if (Now.Microseconds - Volatile.Read(ref tickedUs) is var since && (since < 0 || since >= TickEveryUs))
        {
            Volatile.Write(ref tickedUs, Now.Microseconds);
            Step((effects, now) => state.Tick(now, effects));
        }
    }

    void IAnswerTaker.Completed(DownstreamRequest request, in RawAnswer raw)
    {
        var wall = UtcInstant.Now(time);
        var answer = ReadAnswer.Of(request, raw, wall);
        Step((effects, now) => state.Finish(request, answer, now, wall, effects));
        meter.Answered(time.GetElapsedTime(request.StartedAt), answer.Meanings);
        if (answer.BrokenPromise is { } breach)
        {
            Logger.OrderBroken(Leg, breach);
        }
    }

    MonotonicInstant Now => MonotonicInstant.Now(time);

    void Hear(GroupKey about, GroupRecord record, Func<GroupRecord.Told, SystemTerms> read, MonotonicInstant now, ChannelEffects effects)
    {
        if (record is GroupRecord.Told terms)
        {
            state.Hear(read(terms), now, effects);
        }
        else if (group is not null)
        {
            state.Hear(about, record, group, now, effects);
        }
    }

    /// <summary>What is held by now and has not been started is given back.</summary>
    void Withhold() => Step((effects, now) => state.Withhold(UtcInstant.Now(time), now, effects));

    void EndLinger() => Step((effects, now) =>
    {
        lingers = false;
        state.EndLinger(now, effects);
    });

    void Step(Action<ChannelEffects, MonotonicInstant> step)
    {
        var effects = new ChannelEffects(time);
        lock (gate)
        {
            var now = Now;
            step(effects, now);
            if (!lingers && state.LingerLeft(now) is { } left)
            {
                lingers = true;
                linger.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            }

            if (stopping && state.IsDrained)
            {
                drained.TrySetResult();
            }
        }

        effects.Run(transport);
    }
}
