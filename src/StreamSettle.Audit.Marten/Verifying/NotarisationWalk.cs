using Npgsql;
using StreamSettle.Audit.Marten.Notarising;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Audit.Marten.Sealing;
using StreamSettle.Audit.Notaries;
using StreamSettle.Audit.Proofs;

namespace StreamSettle.Audit.Marten.Verifying;

/// <summary>Goes over notarisations in the order of their numbers. Not thread-safe.</summary>
internal sealed class NotarisationWalk(NpgsqlConnection connection, Tables tables, IEvidenceCheck evidence)
{
    readonly SealRows seals = new(tables);
    readonly SplitLeaves splits = new(tables);
    readonly Dictionary<string, NotaryTally> tallies = [];
    readonly List<Break> breaks = [];
    readonly Queue<long> dueSplits = [];
    TreeHash? previous = default(TreeHash);
    Guid? log;
    long number;

    public long Count { get; private set; }

    /// <summary>The newest seal that was given to notaries.</summary>
    public long LastSeal { get; private set; }

    public IReadOnlyList<NotaryVerdict> Notaries => [.. tallies.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => one.Value.End())];

    public IReadOnlyList<Break> Breaks => breaks;

    public async Task TakeAsync(IReadOnlyList<NotarisationRow> page, CancellationToken stop)
    {
        var leaves = await LeavesAsync([.. page.Where(row => row.Kind == StepKinds.Text(NotarisedKind.Event)).Select(row => row.Subject)], stop);
        foreach (var row in page)
        {
            Count++;
            if (row.Number != number + 1)
            {
                Break(row.Number - 1, row.Number - number == 2 ? "it is missing" : $"it is missing, and so are those before it from {number + 1} on");
                previous = null;
            }

            number = row.Number;
            if (Notarisation.Read(row.Statement) is not { } one || one.Number != row.Number || StepKinds.Text(one.Kind) != row.Kind || one.Subject != row.Subject || !one.Notaries.SequenceEqual(row.Notaries))
            {
                Break(row.Number, "its row is not as it was written: what it is of, its number or its notaries are others than its statement says");
                previous = null;
                continue;
            }

            await TakeAsync(one, row, leaves, stop);
        }
    }

    /// <summary>There are no more.</summary>
    public void End() => NoSplitsLeft();

    async Task TakeAsync(Notarisation one, NotarisationRow row, IReadOnlyDictionary<long, TreeHash> leaves, CancellationToken stop)
    {
        if (previous is { } before && one.Previous != before)
        {
            Break(one, $"it names {one.Previous} as the one before, but that is {before}: one of them was altered, or one was put in another's place");
        }

        (previous, log) = (one.Digest, log ?? one.Log);
        if (one.Log != log)
        {
            Break(one, $"it is of the log {one.Log}, those before it of {log}");
        }

        if (one.Kind == NotarisedKind.Seal)
        {
            await TakeSealAsync(one, stop);
        }
        else
        {
            TakeEvent(one, leaves);
        }

        foreach (var notary in row.Given.Keys.Union(one.Notaries).Order(StringComparer.Ordinal))
        {
            await TakeEvidenceAsync(one, notary, row, stop);
        }
    }

    async Task TakeSealAsync(Notarisation one, CancellationToken stop)
    {
        NoSplitsLeft();
        var seal = (await seals.FindAsync(connection, one.Subject, stop))?.Seal;
        if (seal is null || seal.Hash != one.Hash)
        {
            Break(one, seal is null ? "that seal is gone" : $"that seal is another than was notarised: its hash is {seal.Hash}, and not {one.Hash}");
        }

        if (one.Subject <= LastSeal)
        {
            Break(one, $"seal {LastSeal} was notarised before it");
        }

        var since = LastSeal == 0 ? one.Subject - 1 : LastSeal;
        LastSeal = Math.Max(LastSeal, one.Subject);
        var after = since == 0 ? 0 : (await seals.FindAsync(connection, since, stop))?.Seal.LastSequence;
        if (seal is not null && after is { } from)
        {
            foreach (var split in await splits.NumbersAsync(connection, from, seal.LastSequence, one.SplitsAbove, stop))
            {
                dueSplits.Enqueue(split);
            }
        }
    }

    void TakeEvent(Notarisation one, IReadOnlyDictionary<long, TreeHash> leaves)
    {
        for (; dueSplits.TryPeek(out var due) && due < one.Subject; dueSplits.Dequeue())
        {
            Break(due);
        }

        if (dueSplits.TryPeek(out var same) && same == one.Subject)
        {
            dueSplits.Dequeue();
        }
        else
        {
            Break(one, "that event is no split above the amount that was configured then: it was altered, or the notarisation was put in");
        }

        var leaf = leaves.GetValueOrDefault(one.Subject);
        if (leaf != one.Hash)
        {
            Break(one, leaf == default ? "that event is gone" : $"that event is another than was notarised: its leaf is {leaf}, and not {one.Hash}");
        }
    }

    async Task TakeEvidenceAsync(Notarisation one, string notary, NotarisationRow row, CancellationToken stop)
    {
        if (!tallies.TryGetValue(notary, out var tally))
        {
            tallies.Add(notary, tally = new(notary));
        }

        var given = row.Given.GetValueOrDefault(notary);
        if (!one.Notaries.Contains(notary))
        {
            Break(one, $"{notary} was not asked, but there is something of it");
        }

        if (given.Evidence is not { } kept)
        {
            if (given.Steps == 0)
            {
                tally.AddUntouched(one.Number, one.SubjectText);
            }
            else
            {
                tally.AddWaiting();
            }

            return;
        }

        foreach (var (missing, subject) in tally.TakeMissing())
        {
            Add(new(Name(missing, subject), $"what {notary} gave is missing: it was given in the order of numbers, and later ones are there"));
        }

        var verdict = await evidence.CheckAsync(notary, one.Digest, kept, stop);
        tally.Add(verdict);
        if (verdict is EvidenceVerdict.Broken { Problem: var problem })
        {
            Break(one, $"{notary}: {problem}");
        }
    }

    /// <summary>Of events as they stand now.</summary>
    async Task<Dictionary<long, TreeHash>> LeavesAsync(long[] sequences, CancellationToken stop)
    {
        Dictionary<long, TreeHash> leaves = [];
        if (sequences.Length > 0)
        {
            await using var command = new NpgsqlCommand($"select {LeafColumns.Sealed} from {tables.Events} where seq_id = any($1)", connection) { CommandTimeout = 0, Parameters = { new() { Value = sequences } } };
            await using var rows = await command.ExecuteReaderAsync(stop);
            while (await rows.ReadAsync(stop))
            {
                var row = SealedRows.Read(rows);
                leaves[row.Sequence] = row.RequiredLeaf();
            }
        }

        return leaves;
    }

    void NoSplitsLeft()
    {
        for (; dueSplits.TryDequeue(out var due);)
        {
            Break(due);
        }
    }

    void Break(long split) => Add(new($"event {split}", "it is a split above the amount that was configured then, but was not notarised by itself: its notarisation is missing, or the event was altered", split));

    void Break(Notarisation one, string what) => Add(new(Name(one.Number, one.SubjectText), what));

    void Break(long missing, string what) => Add(new($"notarisation {missing}", what));

    void Add(Break one)
    {
        if (breaks.Count < NotarisationVerdict.MostBreaks)
        {
            breaks.Add(one);
        }
    }

    static string Name(long number, string subject) => $"notarisation {number} ({subject})";
}
