using System.Diagnostics.Metrics;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten.Sealing;

/// <summary>The metrics of sealing, under the meter <c>StreamSettle.Audit</c>; absent before the first seal.</summary>
public sealed class SealMeter : IDisposable
{
    const string Name = "StreamSettle.Audit";

    readonly Meter meter = new(Name);

    public SealMeter(EventLogSealer sealer, TimeProvider time)
    {
        meter.CreateObservableGauge(
            "streamsettle.audit.seal.age", () => sealer.Status.Last is { } last ? (Measurement<double>[])[new((UtcInstant.Now(time) - last.SealedAt).TotalSeconds)] : [], "s", "Since the last seal was made");
        meter.CreateObservableGauge(
            "streamsettle.audit.sealed", () => sealer.Status.Last is { } last ? (Measurement<long>[])[new(last.Events)] : [], "{event}", "Events that seals cover");
        meter.CreateObservableGauge("streamsettle.audit.unsealed", () => sealer.Waiting, "{event}", "Sequence numbers drawn behind the last seal: at least the events that are not sealed yet");
    }

    public void Dispose() => meter.Dispose();
}
