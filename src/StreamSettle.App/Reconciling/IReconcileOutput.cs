using StreamSettle.App.Reconciling.Comparison;

namespace StreamSettle.App.Reconciling;

/// <summary>Where a comparison goes while it goes on.</summary>
interface IReconcileOutput
{
    /// <summary>Seen at two looks.</summary>
    void Found(Discrepancy discrepancy);

    /// <summary>All up to here is compared, and what was found was told.</summary>
    void Reached(ReconcilePlace place, ReconcileCounts counts);
}
