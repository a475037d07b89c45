using Npgsql;
using StreamSettle.Connectors.Embedded.Offsets;
using StreamSettle.Connectors.Embedded.Server;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Connectors.Embedded.Streaming;

/// <summary>
/// Reads the slot up to the last mark that was read, and no further. The stream does the same when it goes on from there; where the tables are read again, or were and no
/// mark has come since, it begins behind the mark, and nobody could tell any more that the server has another history. Acknowledges nothing.
/// </summary>
internal sealed class HistoryProof(CdcRun run, NpgsqlConnection connection, CdcOffset offset)
{
    readonly CdcOffset known = offset with { IsCopy = false };

    /// <exception cref="UserMistakeException">The server does not have the mark where it was read.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        if (known.Mark is null)
        {
            return;
        }

        var replication = await run.Servers.OpenReplicationAsync(known.Instance, run.Patience.Now, stop).ConfigureAwait(false);
        var left = Task.CompletedTask;
        try
        {
            var messages = new SlotMessages(replication, known, run.Options.PublicationName);
            try
            {
                await ReadAsync(messages, stop).ConfigureAwait(false);
            }
            finally
            {
                left = messages.Leave();
            }
        }
        finally
        {
            await Leaving.CloseAsync(left, replication, run.Time).ConfigureAwait(false);
        }

        await Slots.WaitUntilFreeAsync(
            connection, known.Slot, ServerConnections.ApplicationName(known.Instance), run.Options.SlotWait, run.Time, stop).ConfigureAwait(false);
    }

    async Task ReadAsync(SlotMessages messages, CancellationToken stop)
    {
        var marks = new SourceMarks(known.Instance, run.Id);
        var reader = new TransactionReader(run.Options, run.Tables, known, [], marks, run.Time);
        var next = messages.NextAsync().AsTask();

        // Of another history something comes then too, on however quiet a server.
        await marks.WriteAsync(connection, run.Time.GetTimestamp()).ConfigureAwait(false);
        while (!reader.IsProven)
        {
            if (!await next.WaitAsync(stop).ConfigureAwait(false))
            {
                throw new IOException("the server ended the stream of changes");
            }

            await messages.ReadAsync().ConfigureAwait(false);
            reader.Take(messages.Current, messages.Lsn, run.Output.Filling);
            next = reader.IsProven ? next : messages.NextAsync().AsTask();
        }
    }
}
