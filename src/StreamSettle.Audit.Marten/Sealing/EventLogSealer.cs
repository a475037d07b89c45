using Npgsql;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Audit.Proofs;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten.Sealing;

/// <summary>
/// Seals what the service has written, on a connection of its own and behind the appends, which never wait for it. Every instance runs one; a round belongs to whoever takes it. What fails is tried
/// again with growing pauses, and its reason told.
/// </summary>
public sealed class EventLogSealer : IAsyncDisposable
{
    const string ApplicationName = "streamsettle-sealer";
    const int WriteBufferBytes = 64 * 1024;
    const int ReadBufferBytes = 64 * 1024;

    internal static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>A transaction that is open for longer is worth telling.</summary>
    static readonly TimeSpan HeldUpAfter = TimeSpan.FromMinutes(1);

    readonly NpgsqlDataSource dataSource;
    readonly SealOptions options;
    readonly Horizon horizon;
    readonly SealRound round;
    readonly string schema;
    readonly TimeProvider time;
    volatile SealerStatus status = new(null, null, null, null);
    TimeSpan pause = FirstPause;

    // Timestamps: when the newest seal was seen first, and when a horizon was asked for.
    long? seenAt;
    (long Timestamp, UtcInstant At) asked;

    // When it was looked last for what stands beside the events.
    long lookedBeside;

    // Numbers up to here are sealed, or were drawn in vain.
    long done;
    long waiting;

    /// <param name="logIdentity">The log that feeds the event log.</param>
    /// <exception cref="UserMistakeException">An option breaks a rule.</exception>
    public EventLogSealer(AuditOptions audit, SealOptions options, Guid logIdentity, TimeProvider time)
    {
        audit.RequireSound(options.Problems("Audit:Seal"));
        var tables = new Tables(audit.Schema);
        (this.options, this.time, schema) = (options, time, audit.Schema);
        dataSource = AuditSessions.Create(audit.ConnectionString, ApplicationName, WriteBufferBytes, ReadBufferBytes);
        horizon = new(tables);
        round = new(tables, options, logIdentity, time);
    }

    /// <summary>Readable from any thread.</summary>
    public SealerStatus Status => status;

    /// <summary>Sequence numbers that were drawn behind the last seal when it was looked last: at least the events that are not sealed yet.</summary>
    public long Waiting => Volatile.Read(ref waiting);

    /// <summary>Seals until <paramref name="stop"/>.</summary>
    public Task RunAsync(CancellationToken stop) => new StepLoop(time, LookInterval, LongestPause, failure => PostgresFailures.Expected(failure, schema))
        .RunAsync(async stopping => pause = await StepAsync(atOnce: false, stopping), Failed, stop);

    /// <summary>Seals all that is there, without waiting for <see cref="SealOptions.Interval"/> or <see cref="SealOptions.Events"/>.</summary>
    /// <returns>The newest seal; null in an event log without events.</returns>
    public async Task<Seal?> SealNowAsync(CancellationToken stop)
    {
        while (await StepAsync(atOnce: true, stop) is var next && next != LookInterval)
        {
            pause = next;
            await Task.Delay(next, time, stop);
        }

        return status.Last;
    }

    public ValueTask DisposeAsync() => dataSource.DisposeAsync();

    /// <returns>How long nothing has to be done; <see cref="LookInterval"/> when nothing is under way.</returns>
    internal async Task<TimeSpan> StepAsync(bool atOnce, CancellationToken stop)
    {
        await using var connection = await dataSource.OpenConnectionAsync(stop);
        var (drawn, number, reached) = await horizon.LookAsync(connection, stop);
        if (number < (status.Last?.Number ?? 0))
        {
            throw new CorruptStateException($"seal {status.Last!.Number}, which was made at {status.Last.SealedAt}, is gone from the event log. Find out who took it away, or to when the database was restored, and start the service again");
        }

        if (number != (status.Last?.Number ?? 0))
        {
            Saw((await round.LastAsync(connection, stop))?.Seal);
        }

        Volatile.Write(ref waiting, Math.Max(0, drawn - done));
        if (reached is { } to)
        {
            return await SealAsync(connection, to, stop);
        }

        if (!horizon.IsWaiting && drawn > done && (atOnce || IsDue(drawn)))
        {
            await horizon.AskAsync(connection, drawn, stop);
            asked = (time.GetTimestamp(), UtcInstant.Now(time));
            return FirstPause;
        }

        if (drawn <= done && await IsMoreBesideAsync(connection, atOnce, stop))
        {
            return await SealAsync(connection, done, stop);
        }

        status = new(status.Last, null, null, horizon.IsWaiting && time.GetElapsedTime(asked.Timestamp) > HeldUpAfter ? asked.At : null);
        var longer = pause > FirstPause ? pause * 2 : FirstPause * 2;
        return !horizon.IsWaiting ? LookInterval : longer < LongestWait ? longer : LongestWait;
    }

    async Task<TimeSpan> SealAsync(NpgsqlConnection connection, long to, CancellationToken stop)
    {
        var before = status.Last;
        if (await round.RunAsync(connection, to, stop) is not { } tree)
        {
            // Another instance is at it: what it leaves is seen by the next look.
            horizon.Forget();
            return LongestWait;
        }

        Saw(tree.Last?.Seal);
        status = new(status.Last, null, null, null);
        if (tree.Last?.Seal == before)
        {
            // What is left of the numbers was drawn in vain.
            done = Math.Max(done, to);
        }

        if (done >= to)
        {
            horizon.Forget();
        }

        return TimeSpan.Zero;
    }

    /// <summary>A seal goes with the events as a rule; without any, what was added beside them is sealed as late as they would be.</summary>
    async Task<bool> IsMoreBesideAsync(NpgsqlConnection connection, bool atOnce, CancellationToken stop)
    {
        if (status.Last is not { } last || !(atOnce || (IsDue(done) && time.GetElapsedTime(lookedBeside) >= options.Interval)))
        {
            return false;
        }

        lookedBeside = time.GetTimestamp();
        return await round.IsMoreBesideAsync(connection, last, stop);
    }

    bool IsDue(long drawn) => seenAt is not { } seen || time.GetElapsedTime(seen) >= options.Interval || drawn - done >= options.Events;

    void Saw(Seal? last)
    {
        if (last != status.Last)
        {
            status = status with { Last = last };
            seenAt = time.GetTimestamp();
        }

        done = Math.Max(done, last?.LastSequence ?? 0);
    }

    ValueTask Failed(Exception failure)
    {
        round.Forget();
        horizon.Forget();
        if (failure is EnvironmentFailedException)
        {
            // After a restart of the server every pooled connection is a dead one.
            dataSource.Clear();
        }

        pause = FirstPause;
        status = new(status.Last, status.FailingSince ?? UtcInstant.Now(time), failure.Message, null);
        return ValueTask.CompletedTask;
    }
}
