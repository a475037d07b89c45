using StreamSettle.App.Reconciling.Comparison;

namespace StreamSettle.App.Reconciling.Scheduled;

/// <summary>Of the service's own run the log tells the first few; who wants all asks the command.</summary>
sealed class ScheduledOutput : IReconcileOutput
{
    const int Most = 5;

    readonly List<string> first = [];

    /// <summary>In words.</summary>
    public string First => string.Join("; ", first);

    public void Found(Discrepancy one)
    {
        if (first.Count < Most)
        {
            first.Add($"order {one.OrderId}, {one.Subject} {one.Kind.Word().Replace('_', ' ')}");
        }
    }

    public void Reached(ReconcilePlace place, ReconcileCounts counts)
    {
        // A run that is cut off begins anew: its period moves on with time.
    }
}
