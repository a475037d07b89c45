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
    bool isCopying;

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
            await AcceptAsync(columns, stop).ConfigureAwait(false);
        }
    }

    /// <summary>The log knows by what the tables are read.</summary>
    public bool IsKept => kept is not null;

    /// <summary>Debezium is copying the tables.</summary>
    public void Copying() => isCopying = true;

    /// <summary>
    /// Debezium follows the tables as they are: from now on every alteration counts. Not where something was altered just now. A second copy counts as an alteration: what was
    /// deleted before it, since what had been read until then, is not told.
    /// </summary>
    /// <param name="read">How far it has come.</param>
    /// <returns>False where it has copied the tables anew: the next look says so.</returns>
    public async Task<bool> KeepAsync(ulong read, CancellationToken stop)
    {
        await Task.Run(() => run.Copies.ReadOn(stop), stop).ConfigureAwait(false);
        var copied = run.Copies.Last;
        if (kept is null)
        {
            return await KeepFirstAsync(copied, stop).ConfigureAwait(false);
        }

        var isNew = copied > (kept.Copied ?? copied);
        if (isNew || isCopying)
        {
            // Of one that brought no merchant or promoter nothing else is known.
            Keep(kept.Doubted(isNew ? copied : (long)read));
            isCopying = false;
            return false;
        }

        if (kept.Copied != copied)
        {
            Keep(kept with { Copied = copied });
        }

        return true;
    }

    async Task<bool> KeepFirstAsync(long copied, CancellationToken stop)
    {
        var columns = await InspectAsync(stop).ConfigureAwait(false);
        var now = await FingerprintAsync(stop).ConfigureAwait(false);
        var isOne = run.Copies.First == copied;
        if (fingerprint.AsSpan().SequenceEqual(now))
        {
            isCopying = false;
            var look = new KeptLook(fingerprint, columns, copied);
            Keep(isOne ? look : look.Doubted(copied));
        }

        return isOne;
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

    async Task AcceptAsync(ulong columns, CancellationToken stop)
    {
        var shown = kept!.Show(fingerprint);
        if (run.Options.Connect.Accepted != shown)
        {
            throw new UserMistakeException(
                $"the publication {run.Source.PublicationName}, or a table or a column that is read, was altered since Debezium was first seen to follow it, or a table was truncated or rewritten, or Debezium has copied the tables anew, and nobody knows whether changes were left out meanwhile. "
                + $"Where none was, set Source:Accepted={shown} and start again (docs/kafka.md, \"When the source is altered\").");
        }

        await Task.Run(() => run.Copies.ReadOn(stop), stop).ConfigureAwait(false);
        Keep(new(fingerprint, columns, run.Copies.Last));
        run.Logger.Accepted(shown);
    }

    void Keep(KeptLook look)
    {
        run.Points.Keep(look);
        kept = look;
    }
}
