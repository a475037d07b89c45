using Npgsql;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Audit.Notaries;
using StreamSettle.Audit.Proofs;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten.Notarising;

/// <summary>
/// What one notary is asked, the oldest first. What it answers is kept before it is asked again. A failure ends the round, as those behind would fail the same, and the next round comes after a pause that grows. No connection is held
/// while it is asked. Not thread-safe.
/// </summary>
internal sealed class NotaryDesk(INotary notary, NpgsqlDataSource dataSource, Tables tables, TimeProvider time)
{
    /// <summary>Most that are under way at once.</summary>
    const int MostAtOnce = 64;

    /// <summary>More in a round than the longest way takes: what moves on for ever would cost for ever.</summary>
    const int MostSteps = 4;

    static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);
    static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    readonly NotaryRows rows = new(tables);
    volatile NotaryStatus status = new(notary.Name, null, null, null);
    TimeSpan pause = FirstPause;
    long? pausedAt;
    long firstOpen;
    long done;

    public string Name => notary.Name;

    public NotaryStatus Status => status;

    /// <summary>Given since the start, by this instance.</summary>
    public long Done => Volatile.Read(ref done);

    /// <summary>Looks how far it is, and asks it where a pause is over.</summary>
    public async Task RoundAsync(CancellationToken stop)
    {
        await LookAsync(stop);
        if (pausedAt is { } at && time.GetElapsedTime(at) < pause)
        {
            return;
        }

        try
        {
            await AskAllAsync(await OpenAsync(stop), stop);
        }
        catch (Exception failure) when (failure is UserMistakeException or EnvironmentFailedException or CorruptStateException)
        {
            Failed(failure.Message);
        }

        await LookAsync(stop);
    }

    /// <summary>Only looks: another instance asks it.</summary>
    public async Task LookOnAsync(CancellationToken stop)
    {
        await LookAsync(stop);
        (status, pausedAt, pause) = (status with { FailingSince = null, Reason = null }, null, FirstPause);
    }

    async Task AskAllAsync(List<NotaryCase> open, CancellationToken stop)
    {
        string? waits = null;
        var moved = false;
        foreach (var one in open)
        {
            firstOpen = one == open[0] ? one.Number : firstOpen;
            var (move, steps) = await AskAsync(one, stop);
            moved |= steps > 0;
            if (move is NotaryMove.HoldBack { Reason: var reason })
            {
                Failed(reason);
                return;
            }

            waits ??= (move as NotaryMove.Wait)?.Reason;
        }

        var longer = pause * 2 < LongestWait ? pause * 2 : LongestWait;
        (pause, pausedAt) = (moved || waits is null ? FirstPause : longer, time.GetTimestamp());
        status = status with { FailingSince = null, Reason = waits };
    }

    /// <returns>What it said last, and how many steps were taken.</returns>
    async Task<(NotaryMove Move, int Steps)> AskAsync(NotaryCase one, CancellationToken stop)
    {
        var digest = Digest(one);
        List<NotaryStep> steps = [.. one.Steps];
        while (true)
        {
            var move = await notary.NextAsync(digest, steps, stop);
            if (move is not NotaryMove.Step taken)
            {
                return (move, steps.Count - one.Steps.Count);
            }

            steps.Add(new(steps.Count + 1, taken.Kind, UtcInstant.Now(time), taken.Evidence));
            await using (var connection = await dataSource.OpenConnectionAsync(stop))
            {
                await rows.InsertStepAsync(connection, one.Number, Name, steps[^1], stop);
            }

            if (taken.Kind == NotaryStepKind.Notarised)
            {
                Interlocked.Increment(ref done);
            }

            if (taken.Kind == NotaryStepKind.Notarised || steps.Count - one.Steps.Count >= MostSteps)
            {
                return (move, steps.Count - one.Steps.Count);
            }
        }
    }

    static TreeHash Digest(NotaryCase one) => NotaryRows.Read(one.Statement) is var read && read.Number == one.Number
        ? read.Digest : throw new CorruptStateException($"notarisation {one.Number} in the event log is not as it was written. See 'streamsettle audit verify'");

    async Task<List<NotaryCase>> OpenAsync(CancellationToken stop)
    {
        await using var connection = await dataSource.OpenConnectionAsync(stop);
        return await rows.OpenAsync(connection, Name, firstOpen, MostAtOnce, stop);
    }

    async Task LookAsync(CancellationToken stop)
    {
        await using var connection = await dataSource.OpenConnectionAsync(stop);
        var (standing, newest) = await rows.StandingAsync(connection, Name, firstOpen, stop);

        // What comes later has a higher number: a list of years is not gone through each second.
        firstOpen = standing.Open == 0 ? newest + 1 : firstOpen;
        status = status with { Standing = standing };
    }

    void Failed(string reason)
    {
        pause = status.FailingSince is null ? FirstPause : pause * 2 < LongestPause ? pause * 2 : LongestPause;
        pausedAt = time.GetTimestamp();
        status = status with { FailingSince = status.FailingSince ?? UtcInstant.Now(time), Reason = reason };
    }
}
