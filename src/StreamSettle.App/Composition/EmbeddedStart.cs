using StreamSettle.App.Checks;
using StreamSettle.App.Configuration;
using StreamSettle.App.Rebuilding;
using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Marten;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Embedded;
using StreamSettle.Streams.Log;

namespace StreamSettle.App.Composition;

/// <summary>A start on a state directory that is the log itself: it makes sure that nobody else runs by this identity.</summary>
sealed class EmbeddedStart(ServiceOptions options, Func<Guid> newId, TimeProvider time, ILoggerFactory loggers) : IServiceStart
{
    EmbeddedLog? log;
    bool hadDirectory;
    bool isNew;
    bool isRegistered;

    public MartenEventLog EventLog { get; } = new(options.Audit);

    public IStreamLog Log => log ?? throw new BrokenInvariantException("the log is open once a start is prepared");

    public LogLease? Lease { get; private set; }

    public bool IsFirst => KeptChoice.Read(Log.ReadMetadata) is null;

    public async Task PrepareAsync(CancellationToken stop)
    {
        // What there is already is opened, so that nobody else has it; what there is not is made when all else is right.
        hadDirectory = Directory.Exists(options.StateDirectory);
        log = EmbeddedLog.HasState(options.StateDirectory) ? Open() : null;
        await RefuseByPhaseAsync();
        if (log is not null)
        {
            KeptNames.Of(options).Compare(options.StateDirectory, log.ReadMetadata);
        }

        await new StartChecks(options, EventLog, options.Rebuild ? new StateView.Lost() : StateLook.Of(options, log), time).RefuseAsync(new("one process", TakeLeaseAsync) { MustBeThere = true }, stop);
        isNew = log is null;
        log ??= Open();
        await TakeLeaseAsync(stop);
        var opened = await EventLogOpening.GuardAsync(options, () => EventLog.OpenAsync(stop));
        if (options.Rebuild)
        {
            await new StateRebuild(options, EventLog, log, time, loggers.CreateLogger<StateRebuild>()).RunAsync(opened.Owner!, () => isRegistered = true, stop);
        }
        else if (KeptChoice.Read(log.ReadMetadata) is { } kept)
        {
            await EventLogOpening.GuardAsync(options, () => KeepAsync(kept, stop));
            KeptNames.Of(options).KeepWhereNone(log);
        }

        // An answer that is lost leaves open whether it is.
        isRegistered |= isNew;
        var result = await EventLog.RegisterLogAsync(new(log.Identity), stop);
        isRegistered = options.Rebuild || result is RegisterLogResult.Registered;
        EventLogMatch.AfterRegistering(options, result);
    }

    public bool IsRebuilt => RebuiltSource.IsToBeRead(options.Source, Log.ReadMetadata);

    public async Task WithdrawAsync()
    {
        try
        {
            if (isRegistered)
            {
                await EventLog.WithdrawLogAsync(log!.Identity, CancellationToken.None);
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
        if (log is not null)
        {
            await log.DisposeAsync();
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
        Lease ??= log is null ? null : await EventLogOpening.GuardAsync(options, () => EventLog.LeaseAsync(log.Identity, time, stop));
        return "";
    }

    /// <summary>A state that is not whole is run on by nobody, and one that is whole is not made anew. What a rebuild that was cut off has left is taken away.</summary>
    async Task RefuseByPhaseAsync()
    {
        if (options.Rebuild && options.Source.Outbox)
        {
            throw new UserMistakeException(
                "--rebuild does not go with an outbox (Source:Outbox): it does not tell the rows of orders as they stand, which the event log does not have. Restore StateDirectory from a backup. Nothing was changed.");
        }

        if (log is null)
        {
            return;
        }

        var phase = KeptPhase.Read(log.ReadMetadata);
        if (!options.Rebuild && phase == RebuildPhase.Begun)
        {
            throw new UserMistakeException(
                $"StateDirectory '{options.StateDirectory}' was being rebuilt from the event log, and that was cut off: it is not whole. Start with --rebuild again, which begins anew. Nothing was changed.");
        }

        if (options.Rebuild && phase != RebuildPhase.Begun)
        {
            throw new UserMistakeException(
                $"StateDirectory '{options.StateDirectory}' has state, which --rebuild does not throw away: start without --rebuild. If it is damaged, or belongs elsewhere, move it away first. Nothing was changed.");
        }

        if (options.Rebuild)
        {
            await log.DisposeAsync();
            log = null;
            EmbeddedLog.Remove(options.StateDirectory, withItself: false);
        }
    }

    async Task<bool> KeepAsync(KeptChoice kept, CancellationToken stop)
    {
        await EventLog.KeepChoiceAsync(log!.Identity, kept.Text, stop);
        return true;
    }

    EmbeddedLog Open() => EmbeddedLog.Open(SettlementService.LogOptions(options), newId, loggers.CreateLogger<EmbeddedLog>());
}
