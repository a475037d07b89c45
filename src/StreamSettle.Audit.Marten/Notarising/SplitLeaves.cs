using Npgsql;
using StreamSettle.Audit.Events;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Audit.Marten.Sealing;
using StreamSettle.Audit.Notaries;
using StreamSettle.Audit.Proofs;

namespace StreamSettle.Audit.Marten.Notarising;

/// <summary>Which splits are above an amount.</summary>
internal sealed class SplitLeaves(Tables tables)
{
    readonly string above = $"""
        from {tables.Events}
         where seq_id > $1 and seq_id <= $2 and type = '{EventKind.SettlementCalculated.Alias()}'
           and exists (select from unnest($3::text[], $4::bigint[]) as a (currency, minor) where data ->> 'Currency' = a.currency and (data ->> 'Net')::bigint > a.minor)
         order by seq_id
        """;

    /// <summary>Their sequence numbers and leaves, in their order.</summary>
    public async Task<List<(long Sequence, TreeHash Leaf)>> ReadAsync(NpgsqlConnection connection, long after, long last, SplitAmounts amounts, CancellationToken stop)
    {
        List<(long, TreeHash)> found = [];
        if (amounts.All.Count > 0)
        {
            await using var command = Command(connection, $"select {LeafColumns.Sealed} {above}", (after, last), amounts);
            await using var rows = await command.ExecuteReaderAsync(stop);
            while (await rows.ReadAsync(stop))
            {
                var row = SealedRows.Read(rows);
                found.Add((row.Sequence, row.RequiredLeaf()));
            }
        }

        return found;
    }

    /// <summary>Their sequence numbers alone.</summary>
    public async Task<List<long>> NumbersAsync(NpgsqlConnection connection, long after, long last, SplitAmounts amounts, CancellationToken stop)
    {
        List<long> found = [];
        if (amounts.All.Count > 0)
        {
            await using var command = Command(connection, $"select seq_id {above}", (after, last), amounts);
            await using var rows = await command.ExecuteReaderAsync(stop);
            while (await rows.ReadAsync(stop))
            {
                found.Add(rows.GetInt64(0));
            }
        }

        return found;
    }

    static NpgsqlCommand Command(NpgsqlConnection connection, string sql, (long After, long Last) range, SplitAmounts amounts) => new(sql, connection)
    {
        CommandTimeout = 0,
        Parameters =
        {
            new() { Value = range.After }, new() { Value = range.Last }, new() { Value = amounts.All.Select(one => one.Currency.ToString()).ToArray() },
            new() { Value = amounts.All.Select(one => one.Minor).ToArray() },
        },
    };
}
