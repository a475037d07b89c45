using JasperFx.Events.Daemon;
using Npgsql;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten.Projections;

/// <summary>
/// Keeps one projection up with the event log, on connections of its own and behind the appends, which never wait for it. Every instance has one; whoever has the right to it runs it, and the others
/// look whether the right has become free. Were two to run it for a moment, Marten's guard of the position lets one write. What fails is tried again with growing pauses, and its reason told.
/// </summary>
public sealed class Projector : IAsyncDisposable
{
    const string ApplicationName = "streamsettle-projections";
    const int WriteBufferBytes = 64 * 1024;
    const int ReadBufferBytes = 64 * 1024;

    /// <summary>How far behind the position the event is looked for that stopped it: a page begins there.</summary>
    internal const long Nearby = 100_000;

    static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    readonly NpgsqlDataSource dataSource;
    readonly ProjectionOptions options;
    readonly ProjectionLook look;
    readonly Tables tables;
    readonly TimeProvider time;

    // How often the one that runs looks after itself; the others look five times as seldom.
    readonly TimeSpan interval;
    readonly SortedSet<string> skipped = new(StringComparer.Ordinal);
    volatile ProjectorStatus status = new(ProjectorStatus.Starting, null, null, null, []);
    long skippedTo;
    long failedAt;

    /// <param name="projection">One of <see cref="ProjectionName"/>.</param>
    /// <exception cref="UserMistakeException">An option breaks a rule.</exception>
    public Projector(ProjectionOptions options, string projection, TimeProvider time)
    {
        options.Audit.RequireSound();
        (this.options, this.time, Name, tables) = (options, time, projection, new(options.Audit.Schema));
        look = new(tables);
        interval = options.Interval < LongestLook ? options.Interval : LongestLook;
        dataSource = AuditSessions.Create(options.Audit.ConnectionString, ApplicationName, WriteBufferBytes, ReadBufferBytes);
    }

    public string Name { get; }

    /// <summary>Readable from any thread.</summary>
    public ProjectorStatus Status => status;

    /// <summary>Runs until <paramref name="stop"/>.</summary>
    public Task RunAsync(CancellationToken stop) =>
        // Beside the service's work: whatever fails here, Marten's own failures among it, is told and stops no settlement.
        new StepLoop(time, interval, LongestPause, failure => PostgresFailures.Expected(failure, tables.Schema) ?? failure).RunAsync(
            async stopping =>
            {
                await RunWhileAllowedAsync(stopping);
                return status.State == ProjectorStatus.Elsewhere ? 5 * interval : interval;
            },
            Failed,
            stop);

    public ValueTask DisposeAsync() => dataSource.DisposeAsync();

    /// <summary>Returns when another one has the right; fails when it is lost, or the daemon stops.</summary>
    async Task RunWhileAllowedAsync(CancellationToken stop)
    {
        await using var alone = await SoleRun.TryTakeAsync(options.Audit.ConnectionString, ProjectionRights.LockName(tables, Name), stop);
        if (alone is null)
        {
            status = new(ProjectorStatus.Elsewhere, await PlaceAsync(stop), null, null, []);
            return;
        }

        await using (var connection = await dataSource.OpenConnectionAsync(stop))
        {
            if (await SchemaLook.MissingAsync(connection, tables, ProjectorRights.Of(tables), stop) is { Count: > 0 } problems)
            {
                throw new UserMistakeException(string.Join(" ", problems));
            }
        }

        var generation = await WaitForEventAsync(alone, stop);
        await using var run = new DaemonRun(dataSource, options, (Name, generation));
        await run.StartAsync();
        while (true)
        {
            await Task.Delay(interval, time, stop);
            await alone.HoldAsync(stop);
            var stopped = run.Stopped();
            var place = await PlaceAsync(stop);
            status = status with { Place = place };
            if (place.Generation != generation)
            {
                // It is made anew: by a daemon that knows of that, as what this one writes is refused.
                return;
            }

            if (stopped is not null)
            {
                await ToldAsync(run, stopped, place, stop);
                return;
            }

            await SkippedAsync(place, stop);
            // A daemon that begins anew runs for a while until it meets again what it failed with.
            if (status.FailingSince is null || place.Behind == 0 || place.Position > failedAt)
            {
                status = new(ProjectorStatus.Running, place, null, null, [.. skipped]);
            }
        }
    }

    /// <summary>Until there is one nothing is to be done.</summary>
    /// <returns>The generation to run.</returns>
    async Task<long> WaitForEventAsync(SoleRun alone, CancellationToken stop)
    {
        while (true)
        {
            var place = await PlaceAsync(stop);
            if (place.Last > 0)
            {
                return place.Generation;
            }

            status = new(ProjectorStatus.Running, place, null, null, []);
            await Task.Delay(interval, time, stop);
            await alone.HoldAsync(stop);
        }
    }

    /// <summary>Fails with what stopped the daemon, in words; returns where another one moved the position from under it, or it has found no event and is to begin again.</summary>
    async Task ToldAsync(DaemonRun run, ShardFailure stopped, ProjectionPlace place, CancellationToken stop)
    {
        var isMoved = stopped.RootExceptionType == typeof(PostgresException).FullName
            && (stopped.Detail.Contains(PostgresErrorCodes.UniqueViolation, StringComparison.Ordinal) || stopped.Detail.Contains(PostgresErrorCodes.DivisionByZero, StringComparison.Ordinal));
        if (isMoved || stopped.ExceptionType == typeof(ProgressionProgressOutOfOrderException).FullName)
        {
            return;
        }

        if (run.Failure is { } failure)
        {
            throw failure;
        }

        await using var connection = await dataSource.OpenConnectionAsync(stop);
        var unknown = options.SkipUnknown ? null : await look.UnknownAsync(connection, place.Position, Nearby, stop);
        throw new CorruptStateException(unknown ?? (stopped.Event is { } at ? $"event {at.Sequence} cannot be read: {stopped.Message}" : stopped.Detail));
    }

    async Task SkippedAsync(ProjectionPlace place, CancellationToken stop)
    {
        if (options.SkipUnknown && skippedTo < place.Position)
        {
            await using var connection = await dataSource.OpenConnectionAsync(stop);
            skipped.UnionWith(await look.SkippedAsync(connection, skippedTo, place.Position, stop));
            skippedTo = place.Position;
        }
    }

    async Task<ProjectionPlace> PlaceAsync(CancellationToken stop)
    {
        await using var connection = await dataSource.OpenConnectionAsync(stop);
        return (await look.PlacesAsync(connection, [Name], stop))[0];
    }

    ValueTask Failed(Exception failure)
    {
        if (failure is EnvironmentFailedException)
        {
            // After a restart of the server every pooled connection is a dead one.
            dataSource.Clear();
        }

        failedAt = status.Place?.Position ?? 0;
        var isToldInWords = PostgresFailures.Expected(failure, tables.Schema) is not null;
        status = new(ProjectorStatus.Failing, status.Place, status.FailingSince ?? UtcInstant.Now(time), isToldInWords ? failure.Message : failure.ToString(), [.. skipped]);
        return ValueTask.CompletedTask;
    }
}
