using StreamSettle.App.Composition;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Watching;
using StreamSettle.Audit.Marten.Projections;
using StreamSettle.Audit.Marten.Sealing;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Delivery.Channels;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Kafka.Members;

namespace StreamSettle.App.Running;

/// <summary>Puts the service's state at one moment together.</summary>
sealed class StatusReader(SettlementService service, ServiceHandle handle)
{
    public StatusAnswer Read()
    {
        var metrics = service.Streams.Metrics();
        var reasons = handle.NotReady(metrics);
        var sight = handle.Watch?.Last ?? new();
        return new(
            UtcInstant.Now(service.Time).ToString(), reasons.Count == 0, reasons, Source(), Flow(), [.. service.Channels.Select(channel => Downstream(channel.Status()))],
            Audit(sight.EventLog, service.AuditLag(metrics)), service.Tallies.DeadLetters.Now, [.. service.Instances.Select(Instance)])
        {
            Holds = service.Holds.Current.StandingAt(UtcInstant.Now(service.Time)),
            Restore = RestoreProgress.Of(metrics),
            Reconcile = handle.Reconcile?.Sight,
        };
    }

    InstanceAnswer Instance(ApplicationMember member) => new(
        member.InstanceId, member.AdvertisedUrl, member.IsSelf, member.IsSelf ? "this one" : "not asked", Ranges.Text(member.Owned.Where(owned => owned.Group == service.Topology.ApplicationId).SelectMany(owned => owned.Partitions)),
        Health.Good);

    SourceAnswer Source()
    {
        var changes = service.SourceEnds.Changes();
        var (state, detail) = service.SourceStatus switch
        {
            CdcStatus.Starting => ("starting", ""),
            CdcStatus.Waiting waiting => ("waiting", $"since {waiting.Since}: {waiting.Reason}"),
            CdcStatus.Snapshotting snapshot => ("snapshot", $"{snapshot.Rows} rows"),
            CdcStatus.Streaming streaming => ("streaming", streaming.LagBytes is { } lag ? $"{lag} bytes behind" : ""),
            CdcStatus.Behind behind => ("behind", $"since {behind.Since}: {behind.Reason}"),
            CdcStatus.Altered altered => ("altered", $"since {altered.Since}: {altered.Reason}"),
            CdcStatus.Disconnected gone => ("disconnected", $"since {gone.Since}: {gone.Reason}"),
            CdcStatus.Unfit unfit => ("unfit", $"since {unfit.Since}: {unfit.Reason}"),
            CdcStatus.Stopped => ("stopped", ""),
            var other => throw new BrokenInvariantException($"unknown state of the source {other}"),
        };
        return new(state, detail, changes, service.SourceStatus switch { CdcStatus.Streaming => Health.Good, CdcStatus.Starting or CdcStatus.Waiting or CdcStatus.Snapshotting or CdcStatus.Behind or CdcStatus.Altered => Health.Warning, _ => Health.Bad });
    }

    FlowAnswer Flow()
    {
        var (clock, settle, late) = (service.Tallies.Clock, service.Tallies.Settle, service.Tallies.Lateness);
        return new(
            clock.Known, clock.Scheduled, settle.Waiting, settle.Calculated, settle.Completed, clock.Cancelled + settle.Cancelled, clock.Refused + settle.Refused,
            settle.ReversalsRequested, settle.ReversalsCompleted, late.P50Ms, late.P99Ms)
        {
            Held = settle.Held,
            PayoutsWaiting = settle.PayoutsWaiting,
        };
    }

    DownstreamAnswer Downstream(ChannelStatus status)
    {
        var seen = SystemStates.Of(status, UtcInstant.Now(service.Time));
        var (calls, rates, budget) = (status.Calls, status.Rates, status.Budget);
        return new(
            status.Leg.Name(), calls.InFlight, calls.Waiting, calls.Retrying, calls.Unknown, service.Tallies.DeadLetters.NowAt(status.Leg.Name()), rates.PerSecond, rates.ErrorRatio, rates.WindowErrorRatio, budget.Limit,
            budget.Used, seen.Text, seen.Health, status.LastError?.Text)
        {
            BudgetTotal = budget.Total,
            Invoices = calls.Invoices,
            OrderBreach = status.OrderBreach,
            Breaker = new(status.Breaker.Mode, status.Breaker.Since?.ToString(), status.Breaker.Reason.Length > 0 ? status.Breaker.Reason : null, status.Breaker.NextProbeAt?.ToString()),
        };
    }

    AuditAnswer Audit(EventLogSight log, (int Partitions, long Events) behind)
    {
        var (partitions, lag) = behind;
        var answer = log.AwaySince is { } since
            ? new("away", $"the event log is away since {since}: {log.Reason}", lag, log.Events, partitions, Health.Bad)
            : new AuditAnswer("ok", null, lag, log.Events, partitions, Health.Good);
        return answer with
        {
            Notaries = Notaries(),
            PersonalData = handle.Watch?.PersonalData is { } personal ? PersonalData(personal) : null,
            Seals = service.SealerStatus is { } sealer ? Seals(sealer, log.Events) : null,
            Projections = [.. (handle.Projections?.Statuses ?? []).Select(one => Projection(one.Name, one.Status))],
        };
    }

    ProjectionAnswer Projection(string name, ProjectorStatus status)
    {
        long? lag = status.Place is { } place ? place.OldestLeft is { } oldest ? (long)(UtcInstant.Now(service.Time) - oldest).TotalSeconds : 0 : null;
        return new(name, status.State, status.FailingSince is { } since ? $"since {since}: {status.Reason}" : null, status.Place?.Position ?? 0, status.Place?.Behind, lag, status.FailingSince is null ? Health.Good : Health.Warning);
    }

    PersonalDataAnswer PersonalData(PersonalDataProbe probe)
    {
        var counts = probe.Counts;
        var reason = counts is { Unrecorded: > 0 and var merchants } ? $"keys of {merchants} merchants were destroyed in the database, by nobody's request: streamsettle audit keys list" : probe.Failure;
        return new(
            reason is not null ? "warning" : counts is null ? "waiting" : "ok", reason, service.AuditOptions.Keys.Current!.Id, counts?.Keys, counts?.Shredded, counts?.Shreddings, reason is null ? Health.Good : Health.Warning);
    }

    IReadOnlyList<NotaryAnswer> Notaries() => service.NotariserStatus is not { } status ? [] : [.. status.Notaries.Select(one =>
    {
        var since = status.FailingSince ?? one.FailingSince;
        var (state, health) = since is not null ? ("failing", Health.Warning) : (status.IsElsewhere ? NotaryAnswer.Elsewhere : "ok", Health.Good);
        var reason = since is null ? one.Reason : $"since {since}: {status.Reason ?? one.Reason}";
        return new NotaryAnswer(one.Name, state, reason, one.Standing?.Open ?? 0, one.Standing?.Since?.ToString(), one.Standing?.LastAt?.ToString(), health);
    })];

    static SealsAnswer Seals(SealerStatus sealer, long events)
    {
        var (state, reason, health) = sealer switch
        {
            { FailingSince: { } since } => ("failing", $"since {since}: {sealer.Reason}", Health.Warning),
            { HeldUpSince: { } since } => ("held-up", $"since {since}: a transaction is open on the event log's server that may still write what would be sealed", Health.Warning),
            { Last: null } => ("waiting", null, Health.Good),
            _ => ("ok", (string?)null, Health.Good),
        };
        return new(state, reason, sealer.Last?.Number ?? 0, sealer.Last?.SealedAt.ToString(), Math.Max(0, events - (sealer.Last?.Events ?? 0)), health);
    }
}
