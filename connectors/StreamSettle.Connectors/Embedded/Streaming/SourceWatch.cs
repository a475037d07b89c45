using Npgsql;
using StreamSettle.Connectors.Embedded.Inspection;
using StreamSettle.Connectors.Embedded.Offsets;
using StreamSettle.Connectors.Embedded.Server;

namespace StreamSettle.Connectors.Embedded.Streaming;

/// <summary>
/// What is asked of the server beside the stream, as long as that runs. Often: that nothing was altered which the stream is read by, and then a mark; so a mark
/// stands for all that was in the source when the look was taken. Now and then: all the checks of a start, and how far the server is ahead of the log.
/// </summary>
internal sealed class SourceWatch(CdcRun run, NpgsqlConnection connection, SourceMarks marks, CdcOffset start, Func<bool> hasBegun)
{
    long lastLookAt;

    /// <summary>Runs until it is stopped; what was asked last is waited for, as long as the connection's time-out lets it.</summary>
    /// <exception cref="NpgsqlException">The server does not answer any more: the stream is not to be believed alive either.</exception>
    /// <exception cref="SourceChangedException">What the stream is read by was altered.</exception>
    /// <exception cref="Kernel.Failures.UserMistakeException">The source is not as it must be any more.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            // The instant comes first: it stands for what was in the source then, never for less.
            var at = run.Time.GetTimestamp();
            await SameAsync(run, connection, start, CancellationToken.None).ConfigureAwait(false);
            stop.ThrowIfCancellationRequested();
            await marks.WriteAsync(connection, at).ConfigureAwait(false);
            stop.ThrowIfCancellationRequested();
            if (lastLookAt == 0 || run.Time.GetElapsedTime(lastLookAt) >= run.Options.StatusInterval)
            {
                lastLookAt = run.Time.GetTimestamp();
                await LookAsync().ConfigureAwait(false);
                stop.ThrowIfCancellationRequested();
                if (hasBegun())
                {
                    await MeasureLagAsync(stop).ConfigureAwait(false);
                }
            }

            await Task.Delay(run.Options.MarkInterval, run.Time, stop).ConfigureAwait(false);
        }
    }

    /// <summary>Looks whether all is still what <paramref name="offset"/> was read by.</summary>
    /// <exception cref="SourceChangedException">It is not, or was not in between.</exception>
    public static async Task SameAsync(CdcRun run, NpgsqlConnection connection, CdcOffset offset, CancellationToken stop)
    {
        var now = await SourceFingerprint.ReadAsync(connection, run.Options.PublicationName, run.Tables, stop).ConfigureAwait(false);
        if (!offset.Fingerprint.Span.SequenceEqual(now))
        {
            throw new SourceChangedException("the publication, or a table or a column that is read, was altered; it is looked at and read again", inStream: false);
        }
    }

    async Task LookAsync()
    {
        var facts = await SourceInspection.FactsAsync(connection, run.Options, run.Tables, start, CancellationToken.None).ConfigureAwait(false);

        // Afterwards, since the slot is acknowledged meanwhile, but never further than what is committed.
        SourceInspection.Refuse(SourceInspection.Judge(facts, run.Options, run.Tables, run.Output.Committed ?? start, anew: false));
    }

    async Task MeasureLagAsync(CancellationToken stop)
    {
        await using var measure = new NpgsqlCommand("select greatest(0, pg_wal_lsn_diff(pg_current_wal_lsn(), $1::pg_lsn))::bigint", connection)
        {
            Parameters = { new() { Value = Slots.Lsn(run.Output.Committed?.Lsn ?? start.Lsn) } },
        };
        var lag = (long)(await measure.ExecuteScalarAsync(CancellationToken.None).ConfigureAwait(false))!;
        stop.ThrowIfCancellationRequested();
        run.Report(new CdcStatus.Streaming(lag));
    }
}
