using System.Diagnostics.Metrics;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten.Projections;

/// <summary>The metrics of projections, under the meter <c>StreamSettle.Audit</c>: the same on every instance, as each looks how far they are. Absent before the first look.</summary>
public sealed class ProjectionMeter : IDisposable
{
    const string Name = "StreamSettle.Audit";

    readonly Meter meter = new(Name);

    public ProjectionMeter(IReadOnlyList<Projector> projectors, TimeProvider time)
    {
        meter.CreateObservableGauge("streamsettle.audit.projection.behind", () => Of(projectors, place => place.Behind), "{event}", "Sequence numbers of the event log that a projection is behind: at least as many as events");
        meter.CreateObservableGauge(
            "streamsettle.audit.projection.lag", () => Of(projectors, place => place.OldestLeft is { } oldest ? (UtcInstant.Now(time) - oldest).TotalSeconds : 0), "s", "Since the first event was stored that is not in a projection; 0 where all are");
        meter.CreateObservableGauge("streamsettle.audit.projection.failing", () => projectors.Select(one => new Measurement<int>(one.Status.FailingSince is null ? 0 : 1, Tag(one))), "1", "1 while a projection fails on this instance");
    }

    public void Dispose() => meter.Dispose();

    static IEnumerable<Measurement<T>> Of<T>(IReadOnlyList<Projector> projectors, Func<ProjectionPlace, T> value)
        where T : struct => projectors.Where(one => one.Status.Place is not null).Select(one => new Measurement<T>(value(one.Status.Place!), Tag(one)));

    static KeyValuePair<string, object?> Tag(Projector projector) => new("projection", projector.Name);
}
