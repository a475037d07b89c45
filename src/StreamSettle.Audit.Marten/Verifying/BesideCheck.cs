using Npgsql;
using StreamSettle.Audit.Marten.Keys;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Audit.Notaries;
using StreamSettle.Audit.Proofs;

namespace StreamSettle.Audit.Marten.Verifying;

/// <summary>Holds what stands beside the events against what seals say of it: shreddings against their chain and the keys, notarisations against those that seals name. Not thread-safe.</summary>
/// <param name="seals">Those that may be trusted.</param>
internal sealed class BesideCheck(NpgsqlConnection connection, Tables tables, IReadOnlyList<Seal> seals)
{
    // More nulls than records say: destroyed by nobody's request. Fewer: a record of what did not happen, or keys that were taken away.
    readonly string keys = $"""
        select coalesce(k.merchant, s.merchant), coalesce(k.destroyed, 0), coalesce(s.keys, 0)
          from (select merchant, count(*) filter (where wrapped is null) as destroyed from {tables.Keys} group by merchant) k
          full join (select merchant, sum(keys)::bigint as keys from {tables.Shreddings} group by merchant) s on s.merchant = k.merchant
         where coalesce(k.destroyed, 0) <> coalesce(s.keys, 0) order by 1 limit {MostOfAKind}
        """;

    readonly string missing = $"""
        select min(n.number) from {tables.Notarisations} n
         where n.number <= $2 and $1 = any(n.notaries) and not exists (select from {tables.NotarySteps} s where s.number = n.number and s.notary = $1 and s.kind = 'notarised')
        """;

    const int MostOfAKind = 10;

    readonly List<Break> breaks = [];

    readonly List<Seal> saying = [.. seals.Where(seal => seal.Beside is not null)];

    /// <summary>What does not hold, the first of each kind.</summary>
    public async Task<IReadOnlyList<Break>> RunAsync(CancellationToken stop)
    {
        await ShreddingsAsync(stop);
        await KeysAsync(stop);
        await NotarisationsAsync(stop);
        await NotarisedAsync(stop);
        return breaks;
    }

    async Task ShreddingsAsync(CancellationToken stop)
    {
        List<TreeHash> chain = [default];
        foreach (var one in await new ShreddingRows(tables).AllAsync(connection, stop))
        {
            if (one.Number != chain.Count)
            {
                Break($"shredding {chain.Count}", $"it is missing: after {chain.Count - 1} comes {one.Number}");
                return;
            }

            chain.Add(ShreddingChain.Next(chain[^1], one));
        }

        var sound = 0L;
        foreach (var seal in saying)
        {
            var beside = seal.Beside!;
            if (beside.Shreddings >= chain.Count)
            {
                Break($"shredding {chain.Count}", $"it is missing: seal {seal.Number} of {seal.SealedAt} was made when there were {beside.Shreddings}");
                return;
            }

            if (chain[(int)beside.Shreddings] != beside.ShreddingsHash)
            {
                Break(beside.Shreddings - sound == 1 ? $"shredding {beside.Shreddings}" : $"shreddings {sound + 1} to {beside.Shreddings}", $"what is recorded is another than when seal {seal.Number} of {seal.SealedAt} was made");
                return;
            }

            sound = beside.Shreddings;
        }
    }

    async Task KeysAsync(CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(keys, connection) { CommandTimeout = 0 };
        await using var rows = await command.ExecuteReaderAsync(stop);
        while (await rows.ReadAsync(stop))
        {
            var (merchant, destroyed, recorded) = (rows.GetString(0), rows.GetInt64(1), rows.GetInt64(2));
            Break(
                $"keys of merchant {merchant}",
                destroyed > recorded ? $"{destroyed} are destroyed, but {recorded} by a recorded shredding" : $"shreddings of {recorded} are recorded, but {destroyed} are destroyed: a record was put in, or keys were taken away");
        }
    }

    async Task NotarisationsAsync(CancellationToken stop)
    {
        var named = saying.Where(seal => seal.Beside!.Notarisations > 0).GroupBy(seal => seal.Beside!.Notarisations).ToDictionary(same => same.Key, same => same.First());
        var last = 0L;
        await using (var command = new NpgsqlCommand($"select number, statement from {tables.Notarisations} order by number", connection) { CommandTimeout = 0 })
        await using (var rows = await command.ExecuteReaderAsync(stop))
        {
            while (await rows.ReadAsync(stop))
            {
                last = rows.GetInt64(0);
                if (named.Remove(last, out var seal) && Notarisation.Read(rows.GetString(1))?.Digest != seal.Beside!.NotarisationsDigest)
                {
                    Break($"notarisation {last}", $"it is another than when seal {seal.Number} of {seal.SealedAt} was made");
                    return;
                }
            }
        }

        if (named.Values.MinBy(seal => seal.Number) is { } missed)
        {
            var from = Math.Min(last + 1, missed.Beside!.Notarisations);
            Break($"notarisation {from}", $"it is missing: seal {missed.Number} of {missed.SealedAt} was made when there were {missed.Beside!.Notarisations}");
        }
    }

    /// <summary>What notaries gave goes in the order of numbers, and stays.</summary>
    async Task NotarisedAsync(CancellationToken stop)
    {
        foreach (var notary in saying.SelectMany(seal => seal.Beside!.Notarised.All, (seal, one) => (Seal: seal, one.Notary, one.Number)).GroupBy(one => one.Notary))
        {
            var furthest = notary.MaxBy(one => one.Number);
            await using var command = new NpgsqlCommand(missing, connection) { CommandTimeout = 0, Parameters = { new() { Value = furthest.Notary }, new() { Value = furthest.Number } } };
            if (await command.ExecuteScalarAsync(stop) is long number)
            {
                Break($"notarisation {number}", $"what {furthest.Notary} gave is missing: it was there when seal {furthest.Seal.Number} of {furthest.Seal.SealedAt} was made");
            }
        }
    }

    void Break(string where, string what) => breaks.Add(new(where, what));
}
