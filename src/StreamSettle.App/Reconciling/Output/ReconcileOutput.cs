using System.Globalization;
using StreamSettle.App.Reconciling.Comparison;

namespace StreamSettle.App.Reconciling.Output;

/// <summary>A command's comparison: its report, its progress file, and a line of progress now and then.</summary>
/// <param name="file">Null where none was asked for.</param>
/// <param name="repairs">The same.</param>
/// <param name="progress">For people; never the report's own stream.</param>
sealed class ReconcileOutput(IReconcileReport report, ProgressFile? file, Repairs? repairs, TextWriter progress, TimeProvider time) : IReconcileOutput
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    long lastTold = time.GetTimestamp();

    public void Found(Discrepancy discrepancy)
    {
        report.Found(discrepancy);
        repairs?.Add(discrepancy);
        file?.Add(discrepancy);
    }

    public void Reached(ReconcilePlace place, ReconcileCounts counts)
    {
        file?.Reach(place, counts);
        if (time.GetElapsedTime(lastTold) >= Interval)
        {
            lastTold = time.GetTimestamp();
            progress.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{counts.Orders} orders compared, {(place.InEventLog ? "now along the event log" : "along the shop")}{(place.After is { } after ? $", up to order {after}" : "")}; {counts.Found.Values.Sum()} discrepancies"));
        }
    }
}
