using StreamSettle.App.Checks;
using StreamSettle.App.Configuration;
using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Marten;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Embedded;

namespace StreamSettle.App.Composition;

/// <summary>
/// What a start does before the service is composed: opens what there is, refuses by the list of checks, makes sure that nobody else runs by this identity, and only
/// then makes and registers what there is not.
/// </summary>
sealed class ServiceStart(ServiceOptions options, Func<Guid> newId, TimeProvider time, ILoggerFactory loggers) : IAsyncDisposable
{
    bool hadDirectory;
    bool isNew;
    bool isRegistered;

    public MartenEventLog EventLog { get; } = new(new() { ConnectionString = options.AuditConnectionString, Schema = options.AuditSchema });

    public EmbeddedLog? Log { get; private set; }

    public LogLease? Lease { get; private set; }

    /// <exception cref="UserMistakeException">The configuration, the state directory, the source or the event log are not as they must be.</exception>
    /// <exception cref="EnvironmentFailedException">Something around cannot be reached.</exception>
    public async Task PrepareAsync(CancellationToken stop)
    {
        // What there is already is opened, so that nobody else has it; what there is not is made when all else is right.
        hadDirectory = Directory.Exists(options.StateDirectory);
        Log = EmbeddedLog.HasState(options.StateDirectory) ? Open() : null;
        await new StartChecks(options, EventLog, StateLook.Of(options, Log), time).RefuseAsync(new("one process", TakeLeaseAsync), stop);
        isNew = Log is null;
        Log ??= Open();
        await TakeLeaseAsync(stop);
        await EventLogOpening.GuardAsync(options, () => EventLog.OpenAsync(stop));

        // An answer that is lost leaves open whether it is.
        isRegistered = isNew;
        var result = await EventLog.RegisterLogAsync(new(Log.Identity), stop);
        isRegistered = result is RegisterLogResult.Registered;
        StateDirectoryCheck.AfterRegistering(options, result);
    }

    /// <summary>A start that failed leaves the event log to whoever comes next.</summary>
    public async Task WithdrawAsync()
    {
        try
        {
            if (isRegistered)
            {
                await EventLog.WithdrawLogAsync(Log!.Identity, CancellationToken.None);
            }
        }
        catch (Exception failure) when (failure is EnvironmentFailedException or UserMistakeException)
        {
            // Then it stays with this state directory, which the next start of the service opens.
        }
    }

    /// <summary>Of a start that came no further: nothing points to a state directory that it made, no slot and no event.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Log is not null)
        {
            await Log.DisposeAsync();
        }

        if (isNew && !isRegistered)
        {
            EmbeddedLog.Remove(options.StateDirectory, withItself: !hadDirectory);
        }

        if (Lease is not null)
        {
            await Lease.DisposeAsync();
        }

        await EventLog.DisposeAsync();
    }

    /// <summary>A copy of the directory is refused before it does anything; what is yet to be made is nobody's copy.</summary>
    async Task<string> TakeLeaseAsync(CancellationToken stop)
    {
        Lease ??= Log is null ? null : await EventLogOpening.GuardAsync(options, () => EventLog.LeaseAsync(Log.Identity, time, stop));
        return "";
    }

    EmbeddedLog Open() => EmbeddedLog.Open(SettlementService.LogOptions(options), newId, loggers.CreateLogger<EmbeddedLog>());
}
