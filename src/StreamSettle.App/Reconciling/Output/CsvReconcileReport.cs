using StreamSettle.App.Reconciling.Comparison;
using StreamSettle.App.Reports;

namespace StreamSettle.App.Reconciling.Output;

/// <summary>A row for each discrepancy.</summary>
sealed class CsvReconcileReport : IReconcileReport
{
    readonly CsvWriter csv;

    public CsvReconcileReport(TextWriter output)
    {
        csv = new(output);
        csv.Row("order_id", "merchant_id", "class", "subject", "source", "event_log", "downstream");
    }

    public void Found(Discrepancy one) => csv.Row(one.OrderId, one.MerchantId, one.Kind.Word(), one.Subject, one.Source, one.EventLog, one.Downstream);

    public void End(ReconcileCounts counts)
    {
        // A row that is none of an order would be one to every program that reads them.
    }
}
