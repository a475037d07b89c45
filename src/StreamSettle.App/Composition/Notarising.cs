using StreamSettle.App.Configuration;
using StreamSettle.Audit.Marten.Notarising;
using StreamSettle.Audit.Notaries;

namespace StreamSettle.App.Composition;

/// <summary>The notaries that are configured, and what asks them, beside the rest of the service.</summary>
sealed class Notarising : IAsyncDisposable
{
    readonly IReadOnlyList<INotary> notaries;
    readonly EventLogNotariser notariser;
    readonly NotaryMeter meter;

    Notarising(IReadOnlyList<INotary> notaries, EventLogNotariser notariser, TimeProvider time) => (this.notaries, this.notariser, meter) = (notaries, notariser, new(notariser, time));

    public NotariserStatus Status => notariser.Status;

    /// <summary>Null where no notary is configured.</summary>
    public static Notarising? Of(ServiceOptions options, Func<Guid> newId, TimeProvider time)
    {
        if (options.Notary is not { } settings)
        {
            return null;
        }

        var notaries = settings.Open(newId, time);
        return new(notaries, new(options.Audit, settings.Options, notaries, time), time);
    }

    public Task RunAsync(CancellationToken stop) => notariser.RunAsync(stop);

    public async ValueTask DisposeAsync()
    {
        meter.Dispose();
        await notariser.DisposeAsync();
        foreach (var notary in notaries)
        {
            notary.Dispose();
        }
    }
}
