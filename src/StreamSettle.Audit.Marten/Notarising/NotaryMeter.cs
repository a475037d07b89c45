using System.Diagnostics.Metrics;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten.Notarising;

/// <summary>The metrics of notarising, under the meter <c>StreamSettle.Audit</c>, by <c>notary</c>.</summary>
public sealed class NotaryMeter : IDisposable
{
    const string Name = "StreamSettle.Audit";
    const string Tag = "notary";

    readonly Meter meter = new(Name);

    public NotaryMeter(EventLogNotariser notariser, TimeProvider time)
    {
        meter.CreateObservableCounter(
            "streamsettle.audit.notarised", () => notariser.Done.Select(one => new Measurement<long>(one.Count, new KeyValuePair<string, object?>(Tag, one.Notary))), "{notarisation}", "What the notary has testified to since the start, asked by this instance");
        meter.CreateObservableGauge(
            "streamsettle.audit.notarisations.open", () => Standing(notariser, standing => standing.Open), "{notarisation}", "What the notary has not testified to yet");
        meter.CreateObservableGauge(
            "streamsettle.audit.notarisations.age", () => Standing(notariser, standing => standing.Since is { } since ? (UtcInstant.Now(time) - since).TotalSeconds : 0), "s", "Since the oldest of what the notary has not testified to yet was decided on; 0 where there is none");
    }

    public void Dispose() => meter.Dispose();

    static IEnumerable<Measurement<T>> Standing<T>(EventLogNotariser notariser, Func<NotaryStanding, T> value) where T : struct =>
        notariser.Status.Notaries.Where(one => one.Standing is not null).Select(one => new Measurement<T>(value(one.Standing!), new KeyValuePair<string, object?>(Tag, one.Name)));
}
