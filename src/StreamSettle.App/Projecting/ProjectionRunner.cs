using StreamSettle.Audit.Marten.Projections;

namespace StreamSettle.App.Projecting;

/// <summary>Keeps the configured projections up with the event log, each on one instance at a time. What fails is told and stops nothing: no settlement waits for a view.</summary>
sealed class ProjectionRunner : IAsyncDisposable
{
    static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    readonly CancellationTokenSource stopping = new();
    readonly IReadOnlyList<Projector> projectors;
    readonly ProjectionMeter meter;
    readonly TimeProvider time;
    readonly Task running;

    ProjectionRunner(ProjectionOptions options, TimeProvider time, ILogger logger)
    {
        this.time = time;
        projectors = [.. options.Run.Select(name => new Projector(options, name, time))];
        meter = new(projectors, time);
        running = Task.WhenAll([.. projectors.Select(one => Task.Run(() => one.RunAsync(stopping.Token))), TellAsync([.. projectors.Select(one => new ProjectionTurns(one.Name, logger, time))])]);
    }

    public IEnumerable<(string Name, ProjectorStatus Status)> Statuses => projectors.Select(one => (one.Name, one.Status));

    public static ProjectionRunner Start(ProjectionOptions options, TimeProvider time, ILogger logger) => new(options, time, logger);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        meter.Dispose();
        foreach (var projector in projectors)
        {
            await projector.DisposeAsync();
        }

        stopping.Dispose();
    }

    async Task TellAsync(IReadOnlyList<ProjectionTurns> turns)
    {
        while (!stopping.IsCancellationRequested)
        {
            foreach (var (projector, turn) in projectors.Zip(turns))
            {
                turn.Report(projector.Status);
            }

            await Task.Delay(Look, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
