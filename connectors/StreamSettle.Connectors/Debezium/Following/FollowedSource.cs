using Npgsql;
using StreamSettle.Connectors.Embedded.Inspection;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Connectors.Debezium.Following;

/// <summary>Looks at the shop that Debezium reads: often whether anything was altered that it is read by, now and then at all that it rests on.</summary>
internal sealed class FollowedSource(FollowingRun run, NpgsqlConnection connection)
{
    KeptLook? kept = run.Kept();
    byte[] fingerprint = [];
    long? lookedAt;

    /// <exception cref="UserMistakeException">It is not as it must be, or was altered.</exception>
    public async Task LookAsync(CancellationToken stop)
    {
        fingerprint = await FingerprintAsync(stop).ConfigureAwait(false);
        var isAltered = kept is not null && !kept.Fingerprint.Span.SequenceEqual(fingerprint);
        if (!isAltered && lookedAt is { } at && run.Time.GetElapsedTime(at) < run.Source.StatusInterval)
        {
            return;
        }

        lookedAt = run.Time.GetTimestamp();
        var columns = await InspectAsync(stop).ConfigureAwait(false);
        if (isAltered)
        {
            Accept(columns);
        }
    }

    /// <summary>Debezium follows the tables as they are: from now on every alteration counts. Not where something was altered just now.</summary>
    public async Task KeepAsync(CancellationToken stop)
    {
        if (kept is not null)
        {
            return;
        }

        var columns = await InspectAsync(stop).ConfigureAwait(false);
        var now = await FingerprintAsync(stop).ConfigureAwait(false);
        if (fingerprint.AsSpan().SequenceEqual(now))
        {
            Keep(columns);
        }
    }

    /// <summary>Debezium copies the tables, though it followed them before: what was deleted in between is not told. From now on that counts as an alteration.</summary>
    public void Doubt()
    {
        if (kept is not null)
        {
            run.Points.Keep(kept = kept with { Fingerprint = default });
        }
    }

    async Task<byte[]> FingerprintAsync(CancellationToken stop) => await TableFiles
        .AddToAsync(await SourceFingerprint.ReadAsync(connection, run.Source.PublicationName, run.Tables, stop).ConfigureAwait(false), connection, run.Tables, stop).ConfigureAwait(false);

    /// <returns>Which columns there are.</returns>
    async Task<ulong> InspectAsync(CancellationToken stop)
    {
        var facts = await SourceInspection.FactsAsync(connection, run.Source, run.Tables, offset: null, stop).ConfigureAwait(false);
        var beats = run.Watch.Config is { } config && !ConnectorRules.BeatsOurTable(config) ? null : await HeartbeatTable.ReadAsync(connection, stop).ConfigureAwait(false);
        SourceInspection.Refuse(FollowingRules.Judge(facts, run.Source, run.Tables, (table, at) => kept is not null && KnownColumns.Has(kept.Columns, run.Tables, table, at), beats));
        return KnownColumns.Of(run.Tables, facts.Tables);
    }

    void Accept(ulong columns)
    {
        var shown = KeptLook.Show(fingerprint);
        if (run.Options.Connect.Accepted != shown)
        {
            throw new UserMistakeException(
                $"the publication {run.Source.PublicationName}, or a table or a column that is read, was altered since Debezium was first seen to follow it, or a table was truncated or rewritten, or Debezium has copied the tables anew, and nobody knows whether changes were left out meanwhile. "
                + $"Where none was, set Source:Accepted={shown} and start again (docs/kafka.md, \"When the source is altered\").");
        }

        Keep(columns);
        run.Logger.Accepted(shown);
    }

    void Keep(ulong columns)
    {
        var look = new KeptLook(fingerprint, columns);
        run.Points.Keep(look);
        kept = look;
    }
}
