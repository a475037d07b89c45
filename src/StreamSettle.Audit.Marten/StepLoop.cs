namespace StreamSettle.Audit.Marten;

/// <summary>The loop of whoever works beside the service: step, pause, step; after failures with pauses that grow, and it goes on by itself.</summary>
/// <param name="first">The pause after the first failure in a row; each further one doubles it.</param>
/// <param name="longest">Longest of those.</param>
/// <param name="expected">The failure in words for who must act; null for one that ends the loop.</param>
internal sealed class StepLoop(TimeProvider time, TimeSpan first, TimeSpan longest, Func<Exception, Exception?> expected)
{
    /// <param name="step">Returns for how long nothing has to be done.</param>
    /// <param name="failed">Told of each failure.</param>
    public async Task RunAsync(Func<CancellationToken, Task<TimeSpan>> step, Func<Exception, ValueTask> failed, CancellationToken stop)
    {
        TimeSpan? failing = null;
        while (!stop.IsCancellationRequested)
        {
            TimeSpan pause;
            try
            {
                (pause, failing) = (await step(stop), null);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (expected(failure) is { } told)
            {
                await failed(told);
                pause = failing is not { } before ? first : before * 2 < longest ? before * 2 : longest;
                failing = pause;
            }

            await Task.Delay(pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
