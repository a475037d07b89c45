using StreamSettle.App.Composition;
using StreamSettle.Audit.EventLog;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Kernel.Time;

namespace StreamSettle.App.Watching;

/// <summary>Looks at the running service once a second, says what has changed, and keeps what was seen for the dashboard.</summary>
sealed class ServiceWatch : IAsyncDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    readonly SettlementService service;
    readonly WatchReporter reporter;
    readonly EventLogProbe probe;
    readonly PersonalDataProbe? personal;
    readonly TimeProvider time;
    readonly CancellationTokenSource stopping = new();
    readonly Task running;
    volatile Sight last = new();

    ServiceWatch(SettlementService service, ILogger logger, TimeProvider time)
    {
        (this.service, this.time) = (service, time);
        (reporter, probe) = (new(logger, time), new(service.EventLog, time));
        personal = service.AuditOptions.Keys.Current is null ? null : new(service.AuditOptions, time);
        running = Task.WhenAll(probe.RunAsync(stopping.Token), RunAsync(), personal?.RunAsync(stopping.Token) ?? Task.CompletedTask);
    }

    public Sight Last => last;

    /// <summary>Null where personal data is not encrypted.</summary>
    public PersonalDataProbe? PersonalData => personal;

    public static ServiceWatch Start(SettlementService service, ILogger logger, TimeProvider time) => new(service, logger, time);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        await (personal?.DisposeAsync() ?? ValueTask.CompletedTask);
        stopping.Dispose();
    }

    async Task RunAsync()
    {
        while (!stopping.IsCancellationRequested && !service.Completion.IsCompleted)
        {
            last = Look();
            reporter.Report(last);
            await Task.Delay(Interval, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    Sight Look() => new()
    {
        Closed = service.Gate.Closed(),
        // Tables that are being read, for the first time or again, keep the gate closed too, but nothing is lost by that.
        SourceLost = service.SourceStatus is CdcStatus.Disconnected or CdcStatus.Unfit or CdcStatus.Stopped ? SourceTrouble.Of(service.SourceStatus)?.Text : null,
        EventLog = EventLog(),
        HeldBack = service.Messages.HeldBack,
        NotSealing = NotSealing(),
        Notaries = NotNotarising(),
        Systems = service.Channels.ToDictionary(channel => channel.Leg, channel => SystemStates.Of(channel.Status(), UtcInstant.Now(time))),
        DeadLetters = service.Tallies.DeadLetters.SoFar,
    };

    /// <summary>The audit hears first of what it writes to; of an event log that nothing is written to the probe does.</summary>
    EventLogSight EventLog() => service.AuditStatus is SinkStatus.Waiting waiting ? new(waiting.Since, waiting.Reason, probe.Last.Events) : probe.Last;

    /// <summary>While the event log is away that is told already.</summary>
    Dictionary<string, string?> NotNotarising() => EventLog().AwaySince is not null || service.NotariserStatus is not { } status ? []
        : status.Notaries.ToDictionary(one => one.Name, one => status.Reason ?? (one.FailingSince is null ? null : one.Reason));

    /// <inheritdoc cref="NotNotarising"/>
    string? NotSealing() => EventLog().AwaySince is not null ? null
        : service.SealerStatus switch
        {
            { FailingSince: not null, Reason: var reason } => reason,
            { HeldUpSince: { } since } => $"a transaction that is open on the event log's server since before {since} may still write what would be sealed",
            _ => null,
        };
}
