using StreamSettle.App.Reconciling.Comparison;

namespace StreamSettle.App.Reconciling.Output;

/// <summary>How a comparison is told: for people, programs or spreadsheets.</summary>
interface IReconcileReport
{
    void Found(Discrepancy discrepancy);

    void End(ReconcileCounts counts);
}
