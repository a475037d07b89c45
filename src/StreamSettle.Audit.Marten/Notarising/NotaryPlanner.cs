using Npgsql;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Audit.Marten.Sealing;
using StreamSettle.Audit.Notaries;
using StreamSettle.Audit.Proofs;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten.Notarising;

/// <summary>
/// Decides what is given to notaries, and writes it down before any is asked: the newest seal when one is due, and with it the splits above an amount that came since the one before. All follows from the event log: whoever comes
/// next goes on, wherever this one ended.
/// </summary>
internal sealed class NotaryPlanner(Tables tables, NotaryOptions options, IReadOnlyList<string> notaries, TimeProvider time)
{
    readonly SealRows seals = new(tables);
    readonly NotaryRows rows = new(tables);
    readonly SplitLeaves splits = new(tables);

    /// <summary>Of two that plan at once one is refused by the event log.</summary>
    public async Task PlanAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        if (await seals.LastAsync(connection, stop) is not { Seal: var seal })
        {
            return;
        }

        var before = await rows.NewestSealAsync(connection, stop);
        if (before >= seal.Number || (before is { } number && !IsNews(seal, await SealAsync(connection, number, stop))))
        {
            return;
        }

        // Before the first, what was sealed earlier is testified to by the chain of seals alone.
        var since = before ?? seal.Number - 1;
        var after = since == 0 ? 0 : (await SealAsync(connection, since, stop)).LastSequence;
        var newest = await rows.NewestAsync(connection, stop);
        List<Notarisation> added = [Next(newest, seal.Log, (NotarisedKind.Seal, seal.Number, seal.Hash))];
        foreach (var (sequence, leaf) in await splits.ReadAsync(connection, after, seal.LastSequence, options.SplitsAbove, stop))
        {
            added.Add(Next(added[^1], seal.Log, (NotarisedKind.Event, sequence, leaf)));
        }

        await rows.InsertAsync(connection, added, UtcInstant.Now(time), stop);
    }

    /// <summary>A seal that says no more than what notaries did is given to none: they would never be done.</summary>
    bool IsNews(Seal seal, Seal earlier) => seal.SealedAt - earlier.SealedAt >= options.Interval && seal.HasMoreThan(earlier);

    Notarisation Next(Notarisation? before, Guid log, (NotarisedKind Kind, long Number, TreeHash Hash) subject) => new()
    {
        Log = log, Number = (before?.Number ?? 0) + 1, Kind = subject.Kind, Subject = subject.Number, Hash = subject.Hash, SplitsAbove = options.SplitsAbove, Notaries = notaries, Previous = before?.Digest ?? default,
    };

    async Task<Seal> SealAsync(NpgsqlConnection connection, long number, CancellationToken stop) => (await seals.FindAsync(connection, number, stop))?.Seal
        ?? throw new CorruptStateException($"seal {number} is gone from the event log. See 'streamsettle audit verify'");
}
