namespace StreamSettle.App.Reconciling.Scheduled;

/// <summary>How the service's own comparing stands.</summary>
/// <param name="State"><c>waiting</c> for its next run, <c>running</c>, <c>elsewhere</c> where another instance does it, or <c>failed</c>.</param>
/// <param name="Reason">Why the last run failed; null where it did not.</param>
/// <param name="Last">What the last run of this instance came to; null before the first.</param>
sealed record ReconcileSight(string State, string? Reason, ReconcileOutcome? Last)
{
    public const string Waiting = "waiting";
    public const string Running = "running";
    public const string Elsewhere = "elsewhere";
    public const string Failed = "failed";
}

/// <summary>What a run came to.</summary>
/// <param name="From">Of the period, by completion.</param>
/// <param name="EndedAt">By the wall clock.</param>
/// <param name="Found">Discrepancies by class.</param>
sealed record ReconcileOutcome(string From, string To, string EndedAt, long Orders, IReadOnlyDictionary<string, long> Found);
