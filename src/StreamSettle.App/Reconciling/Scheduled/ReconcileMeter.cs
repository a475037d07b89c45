using System.Diagnostics.Metrics;

namespace StreamSettle.App.Reconciling.Scheduled;

/// <summary>The metrics of the service's own comparing, under the meter <c>StreamSettle.Reconcile</c>: of the last run of this instance, absent before it.</summary>
sealed class ReconcileMeter : IDisposable
{
    readonly Meter meter = new("StreamSettle.Reconcile");

    public ReconcileMeter(Func<ReconcileOutcome?> last)
    {
        meter.CreateObservableGauge("streamsettle.reconcile.orders", () => last() is { } run ? [new Measurement<long>(run.Orders)] : Array.Empty<Measurement<long>>(), "{order}", "Orders that the last run compared");
        meter.CreateObservableGauge(
            "streamsettle.reconcile.discrepancies", () => (last()?.Found ?? new Dictionary<string, long>()).Select(found => new Measurement<long>(found.Value, new KeyValuePair<string, object?>("class", found.Key))),
            "{discrepancy}", "What the last run found, by class");
    }

    public void Dispose() => meter.Dispose();
}
