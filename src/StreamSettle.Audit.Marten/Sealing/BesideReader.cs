using Npgsql;
using StreamSettle.Audit.Marten.Keys;
using StreamSettle.Audit.Marten.Notarising;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Audit.Notaries;
using StreamSettle.Audit.Proofs;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Marten.Sealing;

/// <summary>Reads what a seal says of what stands beside the events. Costs what was added since the seal before.</summary>
internal sealed class BesideReader(Tables tables)
{
    /// <summary>The first that a notary was asked for and has not given, behind a number; without one all are given.</summary>
    readonly string open = $"""
        select n.number from {tables.Notarisations} n
         where n.number > $2 and $1 = any(n.notaries) and not exists (select from {tables.NotarySteps} s where s.number = n.number and s.notary = $1 and s.kind = 'notarised')
         order by n.number limit 1
        """;

    readonly ShreddingRows shreddings = new(tables);
    readonly NotaryRows notarisations = new(tables);

    /// <param name="before">Of the seal before; null where it says nothing.</param>
    public async Task<SealedBeside> ReadAsync(NpgsqlConnection connection, SealedBeside? before, CancellationToken stop)
    {
        var since = before ?? SealedBeside.Nothing;
        var (count, hash) = (since.Shreddings, since.ShreddingsHash);
        foreach (var one in await shreddings.SinceAsync(connection, since.Shreddings, stop))
        {
            (count, hash) = (one.Number, ShreddingChain.Next(hash, one));
        }

        // What was altered or taken away stays told as it was: sealing goes on, and whoever verifies finds it.
        if (await NewestAsync(connection, stop) is not { } newest || newest.Number < since.Notarisations)
        {
            return since with { Shreddings = count, ShreddingsHash = hash };
        }

        var known = since.Notarised.All.ToDictionary(one => one.Notary, one => one.Number);
        List<(string, long)> places = [];
        foreach (var notary in newest.Notaries.Union(known.Keys))
        {
            places.Add((notary, await ThroughAsync(connection, notary, known.GetValueOrDefault(notary), newest.Number, stop)));
        }

        return new(count, hash, newest.Number, newest.Digest, NotarisedPlaces.Of(places));
    }

    async Task<Notarisation?> NewestAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        try
        {
            return await notarisations.NewestAsync(connection, stop);
        }
        catch (CorruptStateException)
        {
            return null;
        }
    }

    async Task<long> ThroughAsync(NpgsqlConnection connection, string notary, long from, long newest, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(open, connection) { CommandTimeout = 0, Parameters = { new() { Value = notary }, new() { Value = from } } };
        return await command.ExecuteScalarAsync(stop) is long first ? Math.Min(first - 1, newest) : Math.Max(from, newest);
    }
}
