using StreamSettle.App.Running;
using StreamSettle.Audit.EventLog;
using StreamSettle.Kernel.Time;

namespace StreamSettle.App.Watching;

/// <summary>Looks at the event log now and then: whoever asks for it gets the last answer at once, also while its database is away or swallows everything.</summary>
sealed class EventLogProbe(IEventLog log, TimeProvider time)
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(5);

    volatile EventLogSight last = new(null, null, 0);

    public EventLogSight Last => last;

    /// <summary>Looks until <paramref name="stop"/>.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await LookAsync(stop);
            await Task.Delay(Interval, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task LookAsync(CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(AnswersWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop);
        try
        {
            last = new(null, null, (await log.CountsAsync(either.Token)).Events);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
#pragma warning disable CA1031 // Whatever is wrong with it is what is looked for; the audit itself decides what ends the service.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            var reason = failure is OperationCanceledException ? $"it has not answered within {AnswersWithin.TotalSeconds} s" : FailureText.Of(failure);
            last = new(last.AwaySince ?? UtcInstant.Now(time), reason, last.Events);
        }
    }
}
