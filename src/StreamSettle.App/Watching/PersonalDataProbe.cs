using System.Diagnostics.Metrics;
using StreamSettle.App.Running;
using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Marten.Keys;

namespace StreamSettle.App.Watching;

/// <summary>Counts the keys of personal data now and then, for status and metrics (meter <c>StreamSettle.Audit</c>); absent before the first look.</summary>
sealed class PersonalDataProbe : IAsyncDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    readonly EventLogKeys keys;
    readonly TimeProvider time;
    readonly Meter meter = new("StreamSettle.Audit");
    volatile KeyCounts? counts;
    volatile string? failure;

    public PersonalDataProbe(AuditOptions options, TimeProvider time)
    {
        (keys, this.time) = (new(options), time);
        meter.CreateObservableGauge("streamsettle.audit.keys", () => Of(seen => seen.Keys), "{key}", "Merchants' keys of personal data");
        meter.CreateObservableGauge("streamsettle.audit.keys.shredded", () => Of(seen => seen.Shredded), "{key}", "Merchants' keys of personal data that are destroyed");
        meter.CreateObservableGauge("streamsettle.audit.shreddings", () => Of(seen => seen.Shreddings), "{shredding}", "Recorded requests by which keys of personal data were destroyed");
    }

    public KeyCounts? Counts => counts;

    /// <summary>Why the last look failed; null where it did not.</summary>
    public string? Failure => failure;

    /// <summary>Looks until <paramref name="stop"/>.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                (counts, failure) = (await keys.CountAsync(stop), null);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Beside the service's work: whatever fails here is told, and stops nothing.
            catch (Exception wrong)
#pragma warning restore CA1031
            {
                failure = FailureText.Of(wrong);
            }

            await Task.Delay(Interval, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public ValueTask DisposeAsync()
    {
        meter.Dispose();
        return keys.DisposeAsync();
    }

    IEnumerable<Measurement<long>> Of(Func<KeyCounts, long> value) => counts is { } seen ? [new(value(seen))] : [];
}
