using Npgsql;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Audit.Proofs;

namespace StreamSettle.Audit.Marten.Verifying;

/// <summary>Notarisations that notaries have testified to, to be taken along. Of an event log without them, or for a role that may not read them, there are none.</summary>
internal sealed class GivenNotarisations(Tables tables)
{
    readonly string newestSeal = $"""
        select n.subject from {tables.Notarisations} n
         where n.kind = 'seal' and exists (select from {tables.NotarySteps} s where s.number = n.number and s.kind = 'notarised') order by n.subject desc limit 1
        """;

    readonly string of = $"""
        select n.statement, array_agg(s.notary order by s.notary), array_agg(s.evidence order by s.notary)
          from {tables.Notarisations} n join {tables.NotarySteps} s on s.number = n.number and s.kind = 'notarised'
         where (n.kind = 'seal' and n.subject = $1) or (n.kind = 'event' and n.subject = any($2))
         group by n.number, n.statement order by n.number
        """;

    readonly NotarisationReader reader = new(tables);

    /// <summary>The number of the newest seal that one at least has testified to.</summary>
    public async Task<long?> NewestSealAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        if (await reader.UnreadAsync(connection, stop) is not null)
        {
            return null;
        }

        await using var command = new NpgsqlCommand(newestSeal, connection);
        return await command.ExecuteScalarAsync(stop) as long?;
    }

    /// <summary>Those of a seal and of events.</summary>
    public async Task<IReadOnlyList<ProvenNotarisation>> OfAsync(NpgsqlConnection connection, long seal, long[] events, CancellationToken stop)
    {
        List<ProvenNotarisation> found = [];
        if (await reader.UnreadAsync(connection, stop) is not null)
        {
            return found;
        }

        await using var command = new NpgsqlCommand(of, connection) { Parameters = { new() { Value = seal }, new() { Value = events } } };
        await using var rows = await command.ExecuteReaderAsync(stop);
        while (await rows.ReadAsync(stop))
        {
            found.Add(new(rows.GetString(0), [.. rows.GetFieldValue<string[]>(1).Zip(rows.GetFieldValue<string[]>(2), (notary, evidence) => new GivenEvidence(notary, evidence))]));
        }

        return found;
    }
}
