using StreamSettle.App.Running;
using StreamSettle.Audit.History;
using StreamSettle.Kernel.Calls;
using StreamSettle.Topology.Clock;
using StreamSettle.Topology.Tallies;

namespace StreamSettle.App.Watching;

/// <summary>Says each turn for the worse and back once, and nothing while all stays as it is. Not thread-safe.</summary>
sealed class WatchReporter(ILogger logger, TimeProvider time)
{
    /// <summary>Of one kind of dead letter a line says at once that there are some, and after that at most so often how many more: a storm of them is no storm of lines.</summary>
    public static readonly TimeSpan DeadLetterInterval = TimeSpan.FromMinutes(1);

    readonly Dictionary<Leg, SystemState> systems = [];
    readonly Dictionary<(string Stage, string Kind), (long Count, long At)> letters = [];

    // Since when notaries do not testify.
    readonly Dictionary<string, long> notNotarisingAt = [];

    // Of what nothing fires, since marks fired last.
    readonly HashSet<ClosedBy> toldOf = [];

    long? sourceLostAt;
    long? eventLogLostAt;
    long? heldBackAt;
    long? notSealingAt;
    long? closedAt;
    bool stopIsTold;
    bool hasFired;

    public void Report(Sight now)
    {
        Source(now.SourceLost);
        EventLog(now.EventLog);
        HeldBack(now.HeldBack);
        Sealing(now.NotSealing);
        foreach (var (notary, reason) in now.Notaries)
        {
            Notary(notary, reason);
        }

        foreach (var (leg, system) in now.Systems)
        {
            System(leg, system);
        }

        Firing(now.Closed);
        foreach (var count in now.DeadLetters)
        {
            DeadLetters(count);
        }
    }

    void Source(string? lost)
    {
        if (lost is not null && sourceLostAt is null)
        {
            sourceLostAt = time.GetTimestamp();
            logger.SourceLost(FailureText.OneLine(lost));
        }
        else if (lost is null && sourceLostAt is { } at)
        {
            sourceLostAt = null;
            logger.SourceFound(SecondsSince(at));
        }
    }

    void EventLog(EventLogSight sight)
    {
        if (sight.AwaySince is not null && eventLogLostAt is null)
        {
            eventLogLostAt = time.GetTimestamp();
            logger.EventLogLost(FailureText.OneLine(sight.Reason ?? ""));
        }
        else if (sight.AwaySince is null && eventLogLostAt is { } at)
        {
            eventLogLostAt = null;
            logger.EventLogFound(SecondsSince(at));
        }
    }

    void HeldBack(string? reason)
    {
        if (reason is not null && heldBackAt is null)
        {
            heldBackAt = time.GetTimestamp();
            logger.HeldBack(FailureText.OneLine(reason));
        }
        else if (reason is null && heldBackAt is { } at)
        {
            heldBackAt = null;
            logger.ReadAgain(SecondsSince(at));
        }
    }

    void Sealing(string? reason)
    {
        if (reason is not null && notSealingAt is null)
        {
            notSealingAt = time.GetTimestamp();
            logger.NotSealing(FailureText.OneLine(reason));
        }
        else if (reason is null && notSealingAt is { } at)
        {
            notSealingAt = null;
            logger.SealingGoesOn(SecondsSince(at));
        }
    }

    void Notary(string notary, string? reason)
    {
        if (reason is not null && notNotarisingAt.TryAdd(notary, time.GetTimestamp()))
        {
            logger.NotNotarising(notary, FailureText.OneLine(reason));
        }
        else if (reason is null && notNotarisingAt.Remove(notary, out var at))
        {
            logger.NotarisingGoesOn(notary, SecondsSince(at));
        }
    }

    void System(Leg leg, SystemSight sight)
    {
        var before = systems.GetValueOrDefault(leg, SystemState.Well);
        systems[leg] = sight.State;
        if (sight.State > before)
        {
            logger.SystemWorse(leg.Name(), sight.Text);
        }
        else if (sight.State == SystemState.Well && before != SystemState.Well)
        {
            logger.SystemWell(leg.Name());
        }
    }

    /// <summary>One stop of firing is one error, whatever else comes to it before marks fire again.</summary>
    void Firing(IReadOnlyList<ClosedReason> closed)
    {
        foreach (var reason in closed.Where(reason => toldOf.Add(reason.Kind)))
        {
            closedAt ??= time.GetTimestamp();
            NotFiring(reason);
        }

        if (closed.Count == 0 && (closedAt is not null || !hasFired))
        {
            GoesOn();
        }
    }

    void NotFiring(ClosedReason reason)
    {
        var text = FailureText.OneLine(reason.Text);
        if (reason.Kind == ClosedBy.Start || (reason.Kind == ClosedBy.CatchingUp && !hasFired))
        {
            logger.NotFiringYet(text);
        }
        else if (!stopIsTold)
        {
            stopIsTold = true;
            logger.NotFiring(text);
        }
        else if (reason.Kind != ClosedBy.CatchingUp)
        {
            // Catching up is what follows an outage.
            logger.StillNotFiring(text);
        }
    }

    void GoesOn()
    {
        if (hasFired)
        {
            logger.FiringGoesOn(SecondsSince(closedAt!.Value));
        }
        else
        {
            logger.Ready();
        }

        toldOf.Clear();
        (hasFired, closedAt, stopIsTold) = (true, null, false);
    }

    void DeadLetters(DeadLetterCount count)
    {
        var key = (count.Stage, count.Kind);
        var isKnown = letters.TryGetValue(key, out var told);
        if (count.SoFar > told.Count && (!isKnown || time.GetElapsedTime(told.At) >= DeadLetterInterval))
        {
            letters[key] = (count.SoFar, time.GetTimestamp());
            logger.DeadLetters(count.SoFar - told.Count, count.Stage, count.LastId, FailureText.OneLine(count.LastReason), ReasonText.Of(count.Stage, count.LastReason) ?? "");
        }
    }

    long SecondsSince(long timestamp) => (long)time.GetElapsedTime(timestamp).TotalSeconds;
}
