using StreamSettle.App.Configuration;
using StreamSettle.App.Reports;
using StreamSettle.App.Running;
using StreamSettle.Audit.Marten;
using StreamSettle.Kernel.Time;

namespace StreamSettle.App.Reconciling.Scheduled;

/// <summary>
/// Compares inside the service, every <c>Reconcile:Every</c>, on one instance at a time: whoever has the right keeps it while it waits for its next run, so that there is one
/// schedule. Reads and asks on connections of its own; what it finds, and that it fails, is told and stops nothing.
/// </summary>
sealed class ScheduledReconcile : IAsyncDisposable
{
    /// <summary>How often others look whether the right is free, and its holder whether it still is its own.</summary>
    static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    readonly CancellationTokenSource stopping = new();
    readonly ServiceOptions options;
    readonly MartenEventLog log;
    readonly Func<bool> isReady;
    readonly TimeProvider time;
    readonly ILogger logger;
    readonly ReconcileMeter meter;
    readonly Task running;
    volatile ReconcileSight sight = new(ReconcileSight.Waiting, null, null);

    ScheduledReconcile(ServiceOptions options, MartenEventLog log, Func<bool> isReady, TimeProvider time, ILogger logger)
    {
        (this.options, this.log, this.isReady, this.time, this.logger) = (options, log, isReady, time, logger);
        meter = new(() => sight.Last);
        running = Task.Run(RunAsync);
    }

    public ReconcileSight Sight => sight;

    /// <param name="isReady">The source is read up to where it stands: before, what is missing is only not read yet.</param>
    public static ScheduledReconcile Start(ServiceOptions options, MartenEventLog log, Func<bool> isReady, TimeProvider time, ILogger logger) => new(options, log, isReady, time, logger);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        meter.Dispose();
        stopping.Dispose();
    }

    TimeSpan Every => options.Reconcile.Every!.Value;

    async Task RunAsync()
    {
        string? told = null;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await TakeTurnsAsync(() => told = null);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Beside the service's work: whatever fails here is told once, and stops no settlement.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                var reason = ExitCodes.Of(failure) == ExitCodes.Broken ? failure.ToString() : FailureText.Of(failure);
                sight = sight with { State = ReconcileSight.Failed, Reason = reason };
                if (reason != told)
                {
                    logger.NotReconciled(reason);
                    told = reason;
                }
            }

            await Task.Delay(Look < Every ? Look : Every, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Returns when another instance has the right; fails when it is lost, or a run does.</summary>
    async Task TakeTurnsAsync(Action succeeded)
    {
        await using var alone = await log.TryRunAloneAsync("reconcile", stopping.Token);
        if (alone is null)
        {
            sight = sight with { State = ReconcileSight.Elsewhere, Reason = null };
            return;
        }

        sight = sight with { State = ReconcileSight.Waiting };
        while (true)
        {
            await WaitAsync(alone, isReady, stopping.Token);
            sight = sight with { State = ReconcileSight.Running };
            var last = await OnceAsync(stopping.Token);
            sight = new(ReconcileSight.Waiting, null, last);
            succeeded();
            var began = time.GetTimestamp();
            await WaitAsync(alone, () => time.GetElapsedTime(began) >= Every, stopping.Token);
        }
    }

    async Task WaitAsync(SoleRun alone, Func<bool> until, CancellationToken stop)
    {
        while (!until())
        {
            await Task.Delay(Every < Look ? Every : Look, time, stop);
            await alone.HoldAsync(stop);
        }
    }

    async Task<ReconcileOutcome> OnceAsync(CancellationToken stop)
    {
        var now = UtcInstant.Now(time);
        var source = options.Source.Outbox ? null : options.Source;
        var scope = new ReconcileScope(new Period(now - options.Reconcile.Period, now), Shard.All, source is not null, WithDownstreams: true);
        using var world = ReconcileWorld.Open((source, options.Downstreams, log), new(scope, options.Reconcile, options.Settlements.CompletedSince), time, logger);
        var (counts, output) = (new ReconcileCounts(), new ScheduledOutput());
        await world.Run.RunAsync(ReconcilePlace.Start, counts, output, stop);
        var (from, to) = (scope.Period.From.ToString(), scope.Period.To.ToString());
        if (counts.Found.Values.Sum() == 0)
        {
            logger.Agree(counts.Orders, from, to);
        }
        else
        {
            logger.Differ(counts.Orders, from, to, string.Join(", ", counts.Found.Where(found => found.Value > 0).Select(found => $"{found.Value} {found.Key.Replace('_', ' ')}")), output.First);
        }

        return new(from, to, UtcInstant.Now(time).ToString(), counts.Orders, counts.Found);
    }
}
