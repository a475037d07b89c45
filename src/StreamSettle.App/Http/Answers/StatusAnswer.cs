using StreamSettle.App.Reconciling.Scheduled;
using StreamSettle.App.Watching;
using StreamSettle.Delivery.Breakers;

namespace StreamSettle.App.Http.Answers;

/// <summary>The service at one moment: what the dashboard shows.</summary>
sealed record StatusAnswer(
    string Time, bool Ready, IReadOnlyList<string> NotReady, SourceAnswer Source, FlowAnswer Flow, IReadOnlyList<DownstreamAnswer> Downstreams, AuditAnswer Audit,
    int DeadLetters, IReadOnlyList<InstanceAnswer> Instances)
{
    /// <summary>Holds that stand.</summary>
    public int Holds { get; init; }

    /// <summary>Tasks that are getting their state back; null where none is.</summary>
    public RestoreAnswer? Restore { get; init; }

    /// <summary>How the service's own comparing stands; null where it does none.</summary>
    public ReconcileSight? Reconcile { get; init; }
}

/// <summary>State that comes back from changelogs, on a cluster after a directory was lost or a task came from another instance.</summary>
/// <param name="Tasks">That wait for theirs.</param>
/// <param name="Restored">Offsets of the changelogs that are in, gaps included.</param>
/// <param name="Total">Offsets of the changelogs in all.</param>
sealed record RestoreAnswer(int Tasks, long Restored, long Total);

/// <summary>One of the instances that share the work on a cluster; there are none on the embedded transport.</summary>
/// <param name="Url">Where it is reached; null where it names nothing.</param>
/// <param name="Self">It is the one that answers.</param>
/// <param name="State">Whether its counts are among these, and why not.</param>
/// <param name="Partitions">Which of the application's partitions are its own, as <c>0-3, 7</c>.</param>
sealed record InstanceAnswer(string Id, string? Url, bool Self, string State, string Partitions, Health Health);

/// <param name="State">What the capture is doing.</param>
/// <param name="Detail">Rows, lag or the reason, in words.</param>
/// <param name="Changes">Changes of orders in the log.</param>
sealed record SourceAnswer(string State, string Detail, long Changes, Health Health);

/// <summary>Counts along the road of an order.</summary>
/// <param name="Scheduled">Wait for their mark.</param>
/// <param name="DueNow">Their mark has passed, they are not calculated yet.</param>
/// <param name="Calculated">Divided so far, cancelled and refused not among them.</param>
/// <param name="Completed">All legs confirmed or discarded.</param>
/// <param name="LatenessMsP50">From the mark to the first call, milliseconds; null before the first.</param>
sealed record FlowAnswer(
    long Known, long Scheduled, long DueNow, long Calculated, long Completed, long Cancelled, long Refused, long ReversalsRequested, long ReversalsCompleted,
    long? LatenessMsP50, long? LatenessMsP99)
{
    /// <summary>Orders of which a hold keeps something back now.</summary>
    public long Held { get; init; }

    /// <summary>Splits that payout terms keep back now.</summary>
    public long PayoutsWaiting { get; init; }
}

/// <param name="Retrying">Lanes whose first call failed and waits for its time; those behind it are among the waiting ones.</param>
/// <param name="DeadLetters">All that wait for a person at the system, returned calls among them.</param>
/// <param name="ErrorRatio">Share of requests of the last ten seconds without a good answer.</param>
/// <param name="WindowErrorRatio">Share of the system's errors among the outcomes of the breaker's window; null while there are too few to tell.</param>
/// <param name="BudgetLimit">Of the instances that answered: what their partitions' shares come to.</param>
sealed record DownstreamAnswer(
    string Leg, int InFlight, int Waiting, int Retrying, int Unknown, int DeadLetters, double RequestsPerSecond, double ErrorRatio, double? WindowErrorRatio, long? BudgetLimit, long BudgetUsed,
    string State, Health Health, string? LastError)
{
    /// <summary>Of all instances; null where no limit is known.</summary>
    public long? BudgetTotal { get; init; }

    /// <summary>Invoices that were left out of confirmed calls and are to be sent.</summary>
    public int Invoices { get; init; }

    /// <summary>How the system did not keep the order that <c>BatchOrder=InOrder</c> says it does, on an instance that saw it: one call of a merchant goes at a time there, until its next start. Null where none did.</summary>
    public string? OrderBreach { get; init; }

    public BreakerAnswer Breaker { get; init; } = new(BreakerMode.Closed, null, null, null);
}

/// <summary>What the errors of a system leave of the traffic to it.</summary>
/// <param name="Since">When the system was found degraded; null while the breaker is closed, as the others are.</param>
/// <param name="NextProbeAt">When the next probe may go, if a call waits to be one.</param>
sealed record BreakerAnswer(BreakerMode Mode, string? Since, string? Reason, string? NextProbeAt);

/// <param name="Events">In the event log when it was reached last.</param>
/// <param name="LagEvents">Facts of the partitions that are read which are not in the event log yet.</param>
/// <param name="Partitions">Of the facts, so many are read by the instances that answered.</param>
sealed record AuditAnswer(string State, string? Reason, long LagEvents, long Events, int Partitions, Health Health)
{
    /// <summary>Null where events are not sealed.</summary>
    public SealsAnswer? Seals { get; init; }

    /// <summary>Null where personal data in events is not encrypted.</summary>
    public PersonalDataAnswer? PersonalData { get; init; }

    /// <summary>Who testifies to seals and splits outside; empty where nobody is asked.</summary>
    public IReadOnlyList<NotaryAnswer> Notaries { get; init; } = [];

    /// <summary>Those that are configured to run; readiness does not depend on them.</summary>
    public IReadOnlyList<ProjectionAnswer> Projections { get; init; } = [];
}

/// <summary>How far a projection is.</summary>
/// <param name="State"><c>running</c> where an instance that answered runs it; <c>starting</c>, <c>elsewhere</c> or <c>failing</c>.</param>
/// <param name="Reason">What it fails with; null where it does not.</param>
/// <param name="Position">The last event's sequence number that is in it.</param>
/// <param name="Behind">Sequence numbers that it is behind; null before the first look.</param>
/// <param name="LagSeconds">Since the first event was stored that is not in it; 0 where all are, null before the first look.</param>
sealed record ProjectionAnswer(string Name, string State, string? Reason, long Position, long? Behind, long? LagSeconds, Health Health);

/// <summary>How what events say of people is encrypted.</summary>
/// <param name="State"><c>ok</c>, <c>waiting</c> before the first look, or <c>warning</c>.</param>
/// <param name="MasterKey">Name of the one that wraps new keys.</param>
/// <param name="Keys">Merchants' keys that are there; null before the first look, as the others are.</param>
/// <param name="Shredded">Those that are destroyed.</param>
/// <param name="Shreddings">Recorded requests by which they were.</param>
sealed record PersonalDataAnswer(string State, string? Reason, string MasterKey, long? Keys, long? Shredded, long? Shreddings, Health Health);

/// <summary>How far the event log is sealed.</summary>
/// <param name="State"><c>ok</c>, <c>failing</c>, <c>held-up</c> or <c>waiting</c>: none was made yet.</param>
/// <param name="Number">The last seal's; 0 before the first.</param>
/// <param name="SealedAt">When it was made.</param>
/// <param name="NotSealed">Events in the event log that it does not cover.</param>
sealed record SealsAnswer(string State, string? Reason, long Number, string? SealedAt, long NotSealed, Health Health);
