using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace StreamSettle.Benchmarks.Calls;

/// <summary>What requests took, by the delivery's own metric.</summary>
sealed class RequestTimes : IDisposable
{
    readonly ConcurrentBag<double> seconds = [];
    readonly MeterListener listener = new();

    public RequestTimes()
    {
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Name == "streamsettle.delivery.request.duration")
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, took, _, _) => seconds.Add(took));
        listener.Start();
    }

    public void Clear() => seconds.Clear();

    /// <param name="share">0 to 1.</param>
    public double Milliseconds(double share)
    {
        var sorted = seconds.Order().ToArray();
        return sorted.Length == 0 ? 0 : Math.Round(1_000 * sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))], 1);
    }

    public void Dispose() => listener.Dispose();
}
