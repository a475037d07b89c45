using StreamSettle.Topology.Pending;

namespace StreamSettle.App.Reconciling.Comparison;

/// <summary>What the three do not agree on about one order, by the tables of contract/events.md and contract/downstreams.md. Pure.</summary>
static class OrderComparison
{
    public static IReadOnlyList<Discrepancy> Of(ComparedOrder order, ComparisonTerms terms)
    {
        if (order.Log.Trouble is { } trouble)
        {
            return [new(order.Log.Id.Value, DiscrepancyKind.Unknown, "events", EventLog: trouble)];
        }

        var found = new DiscrepancyList(order);
        if (terms.WithSource && StandingOf(order, terms) != OrderStanding.NotOurs)
        {
            SourceComparison.Of(order, terms, found);
        }

        LatenessComparison.Of(order, terms, found);
        DownstreamComparison.Of(order, found);
        return found.Items;
    }

    /// <summary>Where the order stands, for the counts.</summary>
    public static OrderStanding StandingOf(ComparedOrder order, ComparisonTerms terms) => order.Log switch
    {
        { IsKnown: false } when order.Row?.CompletedAt is { } at && at < terms.CompletedSince => OrderStanding.NotOurs,
        { IsHeld: true } => OrderStanding.Held,
        { State.OpenRefusal: not null } or { State.Pending.Stage: PendingStage.GivenUp, State.Settled: null } => OrderStanding.Refused,
        { State.Settled: not null } => OrderStanding.Settled,
        { State.IsScheduled: true } => OrderStanding.Pending,
        _ => OrderStanding.Other,
    };
}
