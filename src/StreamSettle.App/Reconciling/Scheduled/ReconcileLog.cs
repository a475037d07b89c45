namespace StreamSettle.App.Reconciling.Scheduled;

/// <summary>What the service's own comparing says in its log. Ids 9080 to 9089.</summary>
static partial class ReconcileLog
{
    [LoggerMessage(9080, LogLevel.Information, "reconciled {Orders} orders completed from {From} to {To}: they agree")]
    public static partial void Agree(this ILogger logger, long orders, string from, string to);

    [LoggerMessage(9081, LogLevel.Warning, "reconciled {Orders} orders completed from {From} to {To}: {Found}; the first: {First}")]
    public static partial void Differ(this ILogger logger, long orders, string from, string to, string found, string first);

    [LoggerMessage(9082, LogLevel.Warning, "orders cannot be reconciled: {Reason}")]
    public static partial void NotReconciled(this ILogger logger, string reason);
}
