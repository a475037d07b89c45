using Npgsql;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Audit.Notaries;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten.Notarising;

/// <summary>
/// Has seals, and splits above an amount, testified to by notaries outside. Trails the sealer as that trails the log: nothing waits for it. Every instance runs one, and one of them at a time does the work. A notary that is away
/// finds all that waits for it when it is back.
/// </summary>
public sealed class EventLogNotariser : IAsyncDisposable
{
    const string ApplicationName = "streamsettle-notariser";
    const int WriteBufferBytes = 16 * 1024;

    /// <summary>More in a row are no race.</summary>
    const int MostRaces = 5;

    internal static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);
    static readonly TimeSpan ElsewhereInterval = TimeSpan.FromSeconds(5);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    readonly NpgsqlDataSource dataSource;
    readonly NotaryPlanner planner;
    readonly NotaryDesk[] desks;
    readonly AuditOptions audit;
    readonly TimeProvider time;
    volatile NotariserStatus status;
    SoleRun? alone;
    int races;

    /// <param name="notaries">One at least, each of another name. They are the caller's.</param>
    /// <exception cref="UserMistakeException">An option breaks a rule.</exception>
    public EventLogNotariser(AuditOptions audit, NotaryOptions options, IReadOnlyList<INotary> notaries, TimeProvider time)
    {
        audit.RequireSound(options.Problems("Audit:Notary"));
        var tables = new Tables(audit.Schema);
        (this.audit, this.time) = (audit, time);
        dataSource = AuditSessions.Create(audit.ConnectionString, ApplicationName, WriteBufferBytes);
        planner = new(tables, options, [.. notaries.Select(notary => notary.Name).Order(StringComparer.Ordinal)], time);
        desks = [.. notaries.Select(notary => new NotaryDesk(notary, dataSource, tables, time))];
        status = new([.. desks.Select(desk => desk.Status)], false, null, null);
    }

    /// <summary>Readable from any thread.</summary>
    public NotariserStatus Status => status;

    /// <summary>How many each notary has given since the start, in this instance.</summary>
    public IEnumerable<(string Notary, long Count)> Done => desks.Select(desk => (desk.Name, desk.Done));

    /// <summary>Notarises until <paramref name="stop"/>.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await new StepLoop(time, 2 * LookInterval, LongestPause, failure => PostgresFailures.Expected(failure, audit.Schema)).RunAsync(StepAsync, FailedAsync, stop);
        await LeaveAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await LeaveAsync();
        await dataSource.DisposeAsync();
    }

    /// <returns>How long nothing has to be done.</returns>
    internal async Task<TimeSpan> StepAsync(CancellationToken stop)
    {
        alone ??= await SoleRun.TryTakeAsync(audit.ConnectionString, $"streamsettle.{audit.Schema}.notary", stop);
        if (alone is null)
        {
            foreach (var desk in desks)
            {
                await desk.LookOnAsync(stop);
            }

            Stands(isElsewhere: true);
            return ElsewhereInterval;
        }

        await alone.HoldAsync(stop);
        try
        {
            await using (var connection = await dataSource.OpenConnectionAsync(stop))
            {
                await planner.PlanAsync(connection, stop);
            }

            await Task.WhenAll(desks.Select(desk => desk.RoundAsync(stop)));
        }
        catch (PostgresException race) when (PostgresFailures.IsRace(race))
        {
            // Another instance believes to be alone, and was faster: what it kept is seen by the next look.
            await LeaveAsync();
            if (++races > MostRaces)
            {
                throw new CorruptStateException($"notarisations in the event log are not as they were written: {race.MessageText}. See 'streamsettle audit verify'", race);
            }

            return LookInterval;
        }

        races = 0;
        Stands(isElsewhere: false);
        return LookInterval;
    }

    void Stands(bool isElsewhere) => status = new([.. desks.Select(desk => desk.Status)], isElsewhere, null, null);

    async ValueTask FailedAsync(Exception failure)
    {
        await LeaveAsync();
        dataSource.Clear();
        status = new([.. desks.Select(desk => desk.Status)], false, status.FailingSince ?? UtcInstant.Now(time), failure.Message);
    }

    async Task LeaveAsync()
    {
        if (alone is { } left)
        {
            alone = null;
            await left.DisposeAsync();
        }
    }
}
