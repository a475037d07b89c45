using StreamSettle.App.Http.Answers;
using StreamSettle.App.Reconciling.Scheduled;
using StreamSettle.Audit.Marten.Projections;

namespace StreamSettle.App.Running;

/// <summary>Two instances' status as one: counts are added, of what is in the log or the event log both say the same, and of states the worse one is told.</summary>
static class StatusSum
{
    public static StatusAnswer Add(StatusAnswer one, StatusAnswer other) => one with
    {
        Ready = one.Ready && other.Ready,
        NotReady = [.. one.NotReady.Union(other.NotReady)],
        Source = one.Source.Health >= other.Source.Health ? one.Source : other.Source,
        Flow = Add(one.Flow, other.Flow),
        Holds = Math.Max(one.Holds, other.Holds),
        Downstreams = [.. one.Downstreams.Select(system => other.Downstreams.FirstOrDefault(same => same.Leg == system.Leg) is { } same ? Add(system, same) : system)],
        Restore = one.Restore is { } restore && other.Restore is { } more ? new(restore.Tasks + more.Tasks, restore.Restored + more.Restored, restore.Total + more.Total) : one.Restore ?? other.Restore,
        Reconcile = Newer(one.Reconcile, other.Reconcile),
        Audit = (one.Audit.Health >= other.Audit.Health ? one.Audit : other.Audit) with
        {
            Notaries = [.. one.Audit.Notaries.Select(notary => notary.State == NotaryAnswer.Elsewhere ? other.Audit.Notaries.FirstOrDefault(same => same.Name == notary.Name) ?? notary : notary)],
            LagEvents = one.Audit.LagEvents + other.Audit.LagEvents,
            Partitions = one.Audit.Partitions + other.Audit.Partitions,
            Projections = [.. one.Audit.Projections.Select(here => other.Audit.Projections.FirstOrDefault(there => there.Name == here.Name) is { } there ? Runner(here, there) : here)],
        },
    };

    /// <summary>Who runs it, or fails to, says more than who looks on.</summary>
    static ProjectionAnswer Runner(ProjectionAnswer one, ProjectionAnswer other) =>
        one.Health != other.Health ? one.Health > other.Health ? one : other : one.State == ProjectorStatus.Running ? one : other;

    /// <summary>One of them compares, the others wait for it: whoever does says more, and of two that did who did last.</summary>
    static ReconcileSight? Newer(ReconcileSight? one, ReconcileSight? other) => (one, other) switch
    {
        (null, _) or ({ State: ReconcileSight.Elsewhere }, not null and not { State: ReconcileSight.Elsewhere }) => other,
        (_, null) or (not { State: ReconcileSight.Elsewhere }, { State: ReconcileSight.Elsewhere }) => one,
        _ => string.CompareOrdinal(one.Last?.EndedAt, other.Last?.EndedAt) >= 0 ? one : other,
    };

    /// <summary>A percentile of both is at most the higher one.</summary>
    static FlowAnswer Add(FlowAnswer one, FlowAnswer other) => new(
        one.Known + other.Known, one.Scheduled + other.Scheduled, one.DueNow + other.DueNow, one.Calculated + other.Calculated, one.Completed + other.Completed,
        one.Cancelled + other.Cancelled, one.Refused + other.Refused, one.ReversalsRequested + other.ReversalsRequested, one.ReversalsCompleted + other.ReversalsCompleted,
        Most(one.LatenessMsP50, other.LatenessMsP50), Most(one.LatenessMsP99, other.LatenessMsP99))
    {
        Held = one.Held + other.Held,
        PayoutsWaiting = one.PayoutsWaiting + other.PayoutsWaiting,
    };

    static DownstreamAnswer Add(DownstreamAnswer one, DownstreamAnswer other)
    {
        var (worse, better) = one.Health >= other.Health ? (one, other) : (other, one);
        var requests = one.RequestsPerSecond + other.RequestsPerSecond;
        return worse with
        {
            InFlight = one.InFlight + other.InFlight,
            Waiting = one.Waiting + other.Waiting,
            Retrying = one.Retrying + other.Retrying,
            Unknown = one.Unknown + other.Unknown,
            Invoices = one.Invoices + other.Invoices,
            Breaker = one.Breaker.Mode >= other.Breaker.Mode ? one.Breaker : other.Breaker,
            DeadLetters = Math.Max(one.DeadLetters, other.DeadLetters),
            OrderBreach = one.OrderBreach ?? other.OrderBreach,
            RequestsPerSecond = requests,
            ErrorRatio = requests == 0 ? 0 : (one.ErrorRatio * one.RequestsPerSecond + other.ErrorRatio * other.RequestsPerSecond) / requests,
            WindowErrorRatio = worse.WindowErrorRatio ?? better.WindowErrorRatio,
            BudgetLimit = one.BudgetLimit is { } limit && other.BudgetLimit is { } more ? limit + more : one.BudgetLimit ?? other.BudgetLimit,
            BudgetUsed = one.BudgetUsed + other.BudgetUsed,
            BudgetTotal = Most(one.BudgetTotal, other.BudgetTotal),
            LastError = worse.LastError ?? better.LastError,
        };
    }

    static long? Most(long? one, long? other) => one is null || other is null ? one ?? other : Math.Max(one.Value, other.Value);
}
