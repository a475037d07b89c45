using System.Data;
using System.Globalization;
using Npgsql;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Audit.Marten.Sealing;
using StreamSettle.Audit.Proofs;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Audit.Marten.Verifying;

/// <summary>Makes proofs by the newest seal, from the event log as an auditor may read it.</summary>
public sealed class OrderProofs : IAsyncDisposable
{
    const string ApplicationName = "streamsettle-export";
    const int WriteBufferBytes = 8 * 1024;

    const string NoSeal = "The event log has no seals, so nothing can be proven: set Audit:Seal:KeyFile for the service.";

    readonly NpgsqlDataSource dataSource;
    readonly Tables tables;
    readonly SealRows seals;
    readonly LeafRows leaves;
    readonly GivenNotarisations notarisations;
    readonly string rowsOf;

    /// <exception cref="UserMistakeException">An option breaks a rule.</exception>
    public OrderProofs(AuditOptions options)
    {
        options.RequireSound();
        tables = new(options.Schema);
        (seals, leaves, notarisations) = (new(tables), new(tables), new(tables));
        rowsOf = $"select {LeafColumns.Sealed} from {tables.Events} where stream_id = $1 order by version";
        dataSource = AuditSessions.Create(options.ConnectionString, ApplicationName, WriteBufferBytes);
    }

    /// <summary>An order's events with a proof of each, and how many of them are not sealed yet.</summary>
    /// <exception cref="UserMistakeException">There is no seal, or no event of that order that is sealed.</exception>
    /// <exception cref="CorruptStateException">The events are not as they were sealed.</exception>
    public Task<(ProofFile File, int NotSealed)> OfOrderAsync(OrderId order, CancellationToken stop) => AtOneMomentAsync(
        async connection =>
        {
            var seal = await seals.LastAsync(connection, stop) ?? throw new UserMistakeException(NoSeal);
            var rows = await RowsAsync(connection, order, stop);
            var covered = rows.Where(row => row.Sequence <= seal.Seal.LastSequence).ToList();
            if (covered.Count == 0)
            {
                throw new UserMistakeException(rows.Count == 0 ? $"There are no events of order {order}." : $"The {rows.Count} events of order {order} are not sealed yet: wait for the next seal.");
            }

            var notarised = await notarisations.NewestSealAsync(connection, stop);
            if (notarised is { } known && known != seal.Seal.Number && await seals.FindAsync(connection, known, stop) is { } older && older.Seal.LastSequence >= covered[^1].Sequence)
            {
                // It proves the same, and somebody outside has testified to it.
                seal = older;
            }

            var tree = await KeptTree.OpenAsync(leaves, connection, seal.Seal.Events, stop);
            List<ProvenEvent> events = [];
            foreach (var row in covered)
            {
                events.Add(await ProveAsync(connection, tree, seal.Seal, row, stop));
            }

            var given = await notarisations.OfAsync(connection, seal.Seal.Number, [.. covered.Select(row => row.Sequence)], stop);
            return (new ProofFile { Format = ProofFile.OfOrder, Seal = seal.ToString(), Order = order.ToString(), Events = events, Notarisations = given.Count > 0 ? given : null }, rows.Count - covered.Count);
        },
        stop);

    /// <summary>That the newest seal's events begin with those of an older one.</summary>
    /// <exception cref="UserMistakeException">There is no seal, or it is older than the other one.</exception>
    public Task<ProofFile> OfSealsAsync(SignedSeal older, CancellationToken stop) => AtOneMomentAsync(
        async connection =>
        {
            var newer = await seals.LastAsync(connection, stop) ?? throw new UserMistakeException(NoSeal);
            if (older.Seal.Events > newer.Seal.Events)
            {
                throw new UserMistakeException($"The newest seal, {newer.Seal.Number}, has {newer.Seal.Events} events, fewer than the {older.Seal.Events} of seal {older.Seal.Number}: something was taken away. See 'streamsettle audit verify --against'.");
            }

            var tree = await KeptTree.OpenAsync(leaves, connection, newer.Seal.Events, stop);
            await tree.NeedAsync(older.Seal.Events - 1, stop);
            await tree.NeedAsync(older.Seal.Events, stop);
            var path = MerkleProofs.Consistency(older.Seal.Events, newer.Seal.Events, tree.Head);
            return new ProofFile { Format = ProofFile.OfSeals, Seal = newer.ToString(), Older = older.ToString(), Path = [.. path.Select(hash => hash.ToString())] };
        },
        stop);

    public ValueTask DisposeAsync() => dataSource.DisposeAsync();

    async Task<ProvenEvent> ProveAsync(NpgsqlConnection connection, KeptTree tree, Seal seal, SealedRow row, CancellationToken stop)
    {
        var (block, after) = tree.BlockOf(row.Sequence);
        var sql = string.Create(CultureInfo.InvariantCulture, $"select count(*) from {tables.Events} where seq_id > {after} and seq_id < {row.Sequence}");
        await using var rank = new NpgsqlCommand(sql, connection);
        var place = block * LeafRow.BlockSize + (long)(await rank.ExecuteScalarAsync(stop))!;
        if (place < seal.Events)
        {
            await tree.NeedAsync(place, stop);
            var path = MerkleProofs.Inclusion(place, seal.Events, tree.Head);
            if (row.Leaf() is { } leaf && MerkleProofs.Includes(seal.Head, seal.Events, place, leaf, path))
            {
                return new(place, [.. path.Select(hash => hash.ToString())], row);
            }
        }

        throw new CorruptStateException($"event {row.Sequence} (order {row.StreamId}, version {row.Version}) is not at place {place} of seal {seal.Number} as it stands: see 'streamsettle audit verify' for what was altered");
    }

    async Task<List<SealedRow>> RowsAsync(NpgsqlConnection connection, OrderId order, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(rowsOf, connection) { Parameters = { new() { Value = order.ToString() } } };
        await using var rows = await command.ExecuteReaderAsync(stop);
        List<SealedRow> found = [];
        while (await rows.ReadAsync(stop))
        {
            found.Add(SealedRows.Read(rows));
        }

        return found;
    }

    async Task<T> AtOneMomentAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken stop)
    {
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(stop);
            await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, stop);
            return await read(connection);
        }
        catch (Exception e) when (e is not OperationCanceledException && PostgresFailures.Translate(e, tables.Schema) is { } translated)
        {
            throw translated;
        }
    }
}
