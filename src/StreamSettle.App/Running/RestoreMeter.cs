using System.Diagnostics.Metrics;
using StreamSettle.Streams.Runtime;

namespace StreamSettle.App.Running;

/// <summary>How much state is missing, under the meter <c>StreamSettle.Streams</c>.</summary>
sealed class RestoreMeter : IDisposable
{
    readonly Meter meter = new("StreamSettle.Streams");

    public RestoreMeter(Func<StreamsMetrics> metrics)
    {
        meter.CreateObservableGauge("streamsettle.streams.restore.remaining", () => Remaining(metrics()), "{offset}", "Offsets of changelogs that tasks of this instance wait for");
    }

    public void Dispose() => meter.Dispose();

    static long Remaining(StreamsMetrics metrics) => RestoreProgress.Of(metrics) is { } restore ? restore.Total - restore.Restored : 0;
}
