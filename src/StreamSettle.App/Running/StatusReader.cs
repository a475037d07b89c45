using StreamSettle.App.Composition;
using StreamSettle.App.DeadLetters;
using StreamSettle.App.Http.Answers;
using StreamSettle.Audit.EventLog;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Delivery.Channels;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Topology.Names;

namespace StreamSettle.App.Running;

/// <summary>Puts the service's state at one moment together.</summary>
sealed class StatusReader(SettlementService service, ServiceHandle handle)
{
    public async Task<StatusAnswer> ReadAsync(CancellationToken stop)
    {
        var reasons = handle.NotReady();
        return new(
            UtcInstant.Now(service.Time).ToString(), reasons.Count == 0, reasons, Source(), Flow(), [.. service.Channels.Select(channel => Downstream(channel.Status()))],
            await AuditAsync(stop), new DeadLetterDesk(service).Count());
    }

    SourceAnswer Source()
    {
        var changes = Enumerable.Range(0, service.Partitions).Sum(partition => service.Log.EndOffset(new(Topics.Orders(service.SourcePrefix), partition)));
        var (state, detail) = service.SourceStatus switch
        {
            CdcStatus.Starting => ("starting", ""),
            CdcStatus.Snapshotting snapshot => ("snapshot", $"{snapshot.Rows} rows"),
            CdcStatus.Streaming streaming => ("streaming", streaming.LagBytes is { } lag ? $"{lag} bytes behind" : ""),
            CdcStatus.Disconnected gone => ("disconnected", $"since {gone.Since}: {gone.Reason}"),
            CdcStatus.Unfit unfit => ("unfit", $"since {unfit.Since}: {unfit.Reason}"),
            CdcStatus.Stopped => ("stopped", ""),
            var other => throw new BrokenInvariantException($"unknown state of the source {other}"),
        };
        return new(state, detail, changes);
    }

    FlowAnswer Flow()
    {
        var (clock, settle, late) = (service.Tallies.Clock, service.Tallies.Settle, service.Tallies.Lateness);
        return new(
            clock.Known, clock.Scheduled, settle.Waiting, settle.Calculated, settle.Completed, clock.Cancelled + settle.Cancelled, clock.Refused + settle.Refused,
            settle.ReversalsRequested, settle.ReversalsCompleted, late.P50Ms, late.P99Ms);
    }

    static DownstreamAnswer Downstream(ChannelStatus status) => new(
        status.Leg.Name(), status.InFlight, status.Waiting, status.Retrying, status.Unknown, status.DeadLetters, status.RequestsPerSecond, status.ErrorRatio,
        status.BudgetLimit, status.BudgetUsed,
        status.CredentialsRefused ? "refused our credentials" : status.PausedUntil is { } until ? $"paused until {until}" : "ok", status.LastError);

    async Task<AuditAnswer> AuditAsync(CancellationToken stop)
    {
        var lag = service.AuditLag();
        if (service.AuditStatus is SinkStatus.Waiting waiting)
        {
            return new("waiting", $"the event log is away since {waiting.Since}: {waiting.Reason}", lag, 0);
        }

        try
        {
            return new("ok", null, lag, (await service.EventLog.CountsAsync(stop)).Events);
        }
        catch (EnvironmentFailedException away)
        {
            return new("away", away.Message, lag, 0);
        }
    }
}
