using Npgsql;
using Npgsql.Replication;
using StreamSettle.Connectors.Embedded.Inspection;
using StreamSettle.Connectors.Embedded.Offsets;
using StreamSettle.Connectors.Embedded.Server;
using StreamSettle.Connectors.Embedded.Snapshots;
using StreamSettle.Connectors.Embedded.Streaming;

namespace StreamSettle.Connectors.Embedded;

/// <summary>From connecting to the source until the connection ends.</summary>
/// <param name="anew">The source is to be read anew, whatever the offset says.</param>
/// <param name="again">The tables are to be read again: the stream cannot be read on from where it is.</param>
internal sealed class CdcSession(CdcRun run, CdcOffset? offset, bool anew, bool again)
{
    readonly string ourName = offset?.Instance ?? run.Id;

    Task watching = Task.CompletedTask;
    Task streamLeft = Task.CompletedTask;

    /// <summary>The connections stood and the stream began: a failure after it is a new one.</summary>
    public bool HasStreamed { get; private set; }

    /// <summary>The source was reached: what failed afterwards is no reason to give up a start.</summary>
    public bool HasConnected { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        var connection = await run.Servers.OpenAsync(ourName, answersSoon: true, stop).ConfigureAwait(false);
        try
        {
            var findings = await SourceInspection.LookAsync(connection, run.Options, run.Tables, offset, anew, stop).ConfigureAwait(false);

            // Without these rights the next connection would be refused with fewer words.
            SourceInspection.Refuse([.. findings.Where(finding => finding.Subject is SourceSubject.Server or SourceSubject.Role)]);
            var replication = await run.Servers.OpenReplicationAsync(ourName, run.Patience.Now, stop).ConfigureAwait(false);
            HasConnected = true;
            try
            {
                var start = await PrepareAsync(connection, replication, stop).ConfigureAwait(false);
                var shapes = await ShapesAsync(connection, start, stop).ConfigureAwait(false);
                await StreamAsync(connection, replication, start, shapes, stop).ConfigureAwait(false);
            }
            finally
            {
                await Leaving.CloseAsync(streamLeft, replication, run.Time).ConfigureAwait(false);
            }
        }
        finally
        {
            await Leaving.CloseAsync(watching, connection, run.Time).ConfigureAwait(false);
        }
    }

    void Begin()
    {
        HasStreamed = true;
        run.Report(new CdcStatus.Streaming(null));
    }

    async Task<CdcOffset> PrepareAsync(NpgsqlConnection connection, LogicalReplicationConnection replication, CancellationToken stop)
    {
        if (anew || offset is not { Phase: CdcPhase.Streaming } known)
        {
            return await new FirstStart(run, connection, replication).RunAsync(offset, anew, ourName, stop).ConfigureAwait(false);
        }

        known = await Resume.CheckAsync(run, connection, replication, known, stop).ConfigureAwait(false);
        var fingerprint = await SourceFingerprint.ReadAsync(connection, run.Options.PublicationName, run.Tables, stop).ConfigureAwait(false);
        var isSame = !again && known.Fingerprint.Span.SequenceEqual(fingerprint);
        if (isSame && !known.IsCopy)
        {
            return known;
        }

        // Nothing proves the history of a first copy: what it was of may be gone. Nothing has fired since, so the tables are simply copied again.
        await new HistoryProof(run, connection, known).RunAsync(stop).ConfigureAwait(false);
        return isSame && known.Mark is not null ? known : await new FirstStart(run, connection, replication).AgainAsync(known, stop).ConfigureAwait(false);
    }

    /// <summary>What the tables are like by which the offset was read.</summary>
    /// <exception cref="SourceChangedException">They are so no more.</exception>
    async Task<IReadOnlyList<TableFacts>> ShapesAsync(NpgsqlConnection connection, CdcOffset start, CancellationToken stop)
    {
        var facts = await SourceInspection.FactsAsync(connection, run.Options, run.Tables, start, stop).ConfigureAwait(false);
        await SourceWatch.SameAsync(run, connection, start, stop).ConfigureAwait(false);
        return [.. facts.Tables.OfType<TableFacts>()];
    }

    /// <summary>Streams and watches, until one of both ends.</summary>
    async Task StreamAsync(NpgsqlConnection connection, LogicalReplicationConnection replication, CdcOffset start, IReadOnlyList<TableFacts> shapes, CancellationToken stop)
    {
        var marks = new SourceMarks(start.Instance, run.Id);
        var reader = new TransactionReader(run.Options, run.Tables, start, shapes, marks, run.Time);
        var stream = new ChangeStream(run, replication, reader, start, marks, Begin);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var streaming = stream.RunAsync(over.Token);
        watching = new SourceWatch(run, connection, marks, start, () => HasStreamed).RunAsync(over.Token);
        var first = await Task.WhenAny(streaming, watching).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        await streaming.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        streamLeft = stream.Left;
        if (stop.IsCancellationRequested)
        {
            await stream.FinishAsync().ConfigureAwait(false);
        }

        await first.ConfigureAwait(false);
    }
}
