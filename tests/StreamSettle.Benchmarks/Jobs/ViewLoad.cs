using System.Diagnostics;
using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Marten.Projections;

namespace StreamSettle.Benchmarks.Jobs;

/// <summary>Views that are kept of an event log while something else is measured.</summary>
internal sealed class ViewLoad : IAsyncDisposable
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    readonly CancellationTokenSource ending = new();
    readonly List<Projector> projectors;
    readonly Task running;
    readonly AuditOptions options;

    /// <param name="projections">Names with commas; may be empty.</param>
    public ViewLoad(AuditOptions options, string projections)
    {
        this.options = options;
        projectors = [.. projections.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => new Projector(new() { Audit = options }, name, TimeProvider.System))];
        running = Task.WhenAll(projectors.Select(projector => Task.Run(() => projector.RunAsync(ending.Token))));
    }

    /// <summary>Waits until they have every event.</summary>
    /// <returns>The events that the slowest had already, and how many a second it has taken since.</returns>
    public async Task<(long Before, double PerSecond)> CatchUpAsync()
    {
        if (projectors.Count == 0)
        {
            return (0, 0);
        }

        await using var look = new EventLogProjections(options);
        var (before, began) = (await SlowestAsync(look), Stopwatch.StartNew());
        while ((await SlowestAsync(look)).Behind > 0)
        {
            await Task.Delay(Look);
        }

        return (before.Position, Math.Round(before.Behind / began.Elapsed.TotalSeconds));
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await running;
        projectors.ForEach(projector => projector.DisposeAsync().AsTask().GetAwaiter().GetResult());
        ending.Dispose();
    }

    async Task<ProjectionPlace> SlowestAsync(EventLogProjections look) =>
        (await look.ListAsync(CancellationToken.None)).Select(one => one.Place).Where(place => projectors.Exists(one => one.Name == place.Name)).MinBy(place => place.Position)!;
}
