using StreamSettle.App.Running;
using StreamSettle.Connectors.Embedded.Scanning;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Scanning;

/// <summary>Runs a scan of the source beside the capture: one at a time, asked for by operators. One that was cut off goes on with the next start; a source that is away is waited for.</summary>
sealed class ScanService : IAsyncDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    readonly SemaphoreSlim changing = new(1);
    readonly SourceScan scan;
    readonly TimeProvider time;
    readonly ILogger logger;
    CancellationTokenSource? stopping;
    Task running = Task.CompletedTask;
    volatile string? trouble;

    /// <param name="scan">Is this one's from now on.</param>
    public ScanService(SourceScan scan, TimeProvider time, ILogger logger)
    {
        (this.scan, this.time, this.logger) = (scan, time, logger);
        GoOn();
    }

    /// <summary>The present scan, or the last one; null before the first.</summary>
    public ScanState? State => scan.State;

    /// <summary>Why it does not come on at the moment; null where it does, or none runs.</summary>
    public string? Waits => trouble ?? scan.WaitsFor;

    /// <returns>False where one runs already.</returns>
    /// <exception cref="UserMistakeException">The source refuses us.</exception>
    /// <exception cref="EnvironmentFailedException">It cannot be reached.</exception>
    public async Task<bool> BeginAsync(ScanRequest request, CancellationToken stop)
    {
        await changing.WaitAsync(stop);
        try
        {
            if (scan.State is { Ended: null })
            {
                return false;
            }

            await scan.BeginAsync(request, stop);
            logger.ScanBegun(request.By, request.Id, request.From?.ToString() ?? "the first", request.To?.ToString() ?? "the last");
            GoOn();
            return true;
        }
        finally
        {
            changing.Release();
        }
    }

    /// <summary>Gives the running scan up; what it has read is in the log.</summary>
    /// <returns>False where none runs.</returns>
    public async Task<bool> StopAsync(string by)
    {
        await changing.WaitAsync();
        try
        {
            if (scan.State is not { Ended: null } state)
            {
                return false;
            }

            await HaltAsync();
            scan.Stop();
            logger.ScanStopped(by, state.Request.Id, scan.State!.Rows);
            return true;
        }
        finally
        {
            changing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await HaltAsync();
        scan.Dispose();
        changing.Dispose();
    }

    void GoOn()
    {
        if (scan.State is { Ended: null })
        {
            stopping = new();
            running = Task.Run(() => RunAsync(stopping.Token));
        }
    }

    async Task HaltAsync()
    {
        if (stopping is { } source)
        {
            await source.CancelAsync();
            await running;
            source.Dispose();
            stopping = null;
        }
    }

    async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await scan.RunAsync(stop);
                trouble = null;
                logger.ScanDone(scan.State!.Request.Id, scan.State.Rows);
                return;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failed) when (failed is EnvironmentFailedException or UserMistakeException or Streams.Log.TransactionAbortedException)
            {
                if (trouble != failed.Message)
                {
                    trouble = failed.Message;
                    logger.ScanWaits(failed.Message);
                }

                await Task.Delay(Pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
