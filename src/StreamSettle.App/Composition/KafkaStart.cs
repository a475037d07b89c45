using StreamSettle.App.Checks;
using StreamSettle.App.Configuration;
using StreamSettle.Audit.Marten;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Kafka;
using StreamSettle.Streams.Log;

namespace StreamSettle.App.Composition;

/// <summary>A start on a cluster: one of several instances, whose log is there before it and stays after it.</summary>
sealed class KafkaStart(ServiceOptions options, KafkaLogOptions kafka, TimeProvider time, ILoggerFactory loggers) : IServiceStart
{
    KafkaLog? log;

    public MartenEventLog EventLog { get; } = new(options.Audit);

    public IStreamLog Log => log ?? throw new BrokenInvariantException("the log is open once a start is prepared");

    public LogLease? Lease => null;

    public bool IsFirst { get; private set; }

    public async Task PrepareAsync(CancellationToken stop)
    {
        using (var view = KafkaLogView.Open(kafka, time, loggers.CreateLogger<KafkaLog>()))
        {
            IsFirst = KeptChoice.Read(view.ReadMetadata) is null;
            await new StartChecks(options, EventLog, StateLook.Of(options, view), time).RefuseAsync(KafkaCheck.Of(options, view), stop);
        }

        log = KafkaLog.Open(kafka, time, loggers.CreateLogger<KafkaLog>());
        await EventLogOpening.GuardAsync(options, () => EventLog.OpenAsync(stop));
        EventLogMatch.AfterRegistering(options, await EventLog.RegisterLogAsync(new(log.Identity), stop));
    }

    /// <summary>Others may have started by the same registration meanwhile, and nobody else's log has this identity: it stays.</summary>
    public Task WithdrawAsync() => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (log is not null)
        {
            await log.DisposeAsync();
        }

        await EventLog.DisposeAsync();
    }
}
