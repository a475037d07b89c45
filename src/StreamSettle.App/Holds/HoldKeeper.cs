using StreamSettle.App.Composition;
using StreamSettle.App.Running;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Holds;
using StreamSettle.Kernel.Time;

namespace StreamSettle.App.Holds;

/// <summary>
/// Keeps what people hold in the event log too, a moment behind the log: of a hold that has kept nothing back yet no event tells, and it would be gone with the state
/// directory. An event log that is away stops no hold; what it has not been told is told when it is back.
/// </summary>
/// <param name="keep">Writes the list; false where the event log's tables are of an earlier release.</param>
/// <param name="read">What was kept last; null for nothing.</param>
/// <param name="withReasons">False where personal data is encrypted.</param>
sealed class HoldKeeper(HoldBook book, Func<string, CancellationToken, Task<bool>> keep, Func<CancellationToken, Task<string?>> read, bool withReasons, TimeProvider time, ILogger logger)
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    // What was kept and is not known here stays: the book may not be whole yet, or of an older copy of the state.
    readonly HoldBook kept = new();
    HoldSet? seen;
    string? written;

    public static HoldKeeper Of(SettlementService service, ILogger logger) => new(
        service.Holds, (holds, stop) => service.EventLog.KeepHoldsAsync(service.Log.Identity, holds, stop), stop => service.EventLog.ReadHoldsAsync(service.Log.Identity, stop),
        service.AuditOptions.Keys.Current is null, service.Time, logger);

    /// <summary>Runs until <paramref name="stop"/>.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var (pause, told) = (Pause, "");
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await KeepAsync(stop);
                (pause, told) = (Pause, "");
                await book.WaitAsync(holds => !ReferenceEquals(holds, seen), stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
            catch (Exception failure) when (failure is EnvironmentFailedException or UserMistakeException or CorruptStateException)
            {
                if (failure.Message != told)
                {
                    told = failure.Message;
                    logger.HoldsNotKept(told);
                }

                await Task.Delay(pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    /// <summary>Keeps what is held now; asks nobody where that is kept already.</summary>
    /// <exception cref="EnvironmentFailedException">The event log is away.</exception>
    /// <exception cref="UserMistakeException">Its tables are of an earlier release, or its role may not write there.</exception>
    internal async Task KeepAsync(CancellationToken stop)
    {
        if (written is null)
        {
            var found = await read(stop) ?? "";
            foreach (var hold in found.Length > 0 ? KeptHold.Read(found) : [])
            {
                kept.Take(hold);
            }

            // Not before all are taken: what cannot be read is not written over.
            written = found;
        }

        var (holds, now) = (book.Current, UtcInstant.Now(time));
        foreach (var hold in holds.All)
        {
            kept.Take(hold);
        }

        foreach (var old in kept.Current.All.Where(hold => HoldDesk.IsForgotten(hold, now)).ToList())
        {
            kept.Forget(old.Id);
        }

        var text = KeptHold.Write(kept.Current.All, withReasons);
        if (text != written && (written.Length > 0 || kept.Current.All.Any()) && !await keep(text, stop))
        {
            throw new UserMistakeException("its table streamsettle_logs is of an earlier release and has no column holds: start the service once as the owner of the tables");
        }

        (written, seen) = (text, holds);
    }
}
