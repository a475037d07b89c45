using System.Globalization;
using System.Text.Json;
using Npgsql;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Downstreams.Effects;

namespace StreamSettle.Benchmarks.Seed;

/// <summary>What of a result can be checked at any size: each order of the shop has one verification and one split, no key has two effects, and what was shared out is the net.</summary>
sealed class SeedSums
{
    readonly HashSet<string> keys = [];
    readonly Dictionary<long, long> nets = [];
    readonly Dictionary<long, long> shared = [];
    readonly List<double> waits = [];
    readonly HashSet<long> merchants = [];

    /// <summary>From each order's mark to its split as that came in, in milliseconds, ascending.</summary>
    public IReadOnlyList<double> Waits => waits;

    public UtcInstant LastSplit { get; private set; } = UtcInstant.MinValue;

    /// <summary>Merchants with a split.</summary>
    public int Merchants => merchants.Count;

    /// <exception cref="BrokenInvariantException">The result is wrong; the message says where.</exception>
    public static async Task<SeedSums> CheckAsync(IReadOnlyList<EffectEntry> effects, string connectionString, int orders)
    {
        var sums = new SeedSums();
        foreach (var effect in effects.Where(effect => effect.Outcome == EffectOutcome.Accepted))
        {
            sums.Take(effect);
        }

        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand("SELECT count(*), count(DISTINCT order_id) FROM orders WHERE status = 'COMPLETED'");
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        Require(row.GetInt64(0) == orders && row.GetInt64(1) == orders, $"{orders} orders were to be sold, but the shop has {row.GetInt64(0)}");
        Require(sums.nets.Count == orders, $"{orders} orders were sold, but {sums.nets.Count} were verified");
        Require(sums.waits.Count == orders, $"{orders} orders were sold, but {sums.waits.Count} were split");
        foreach (var (order, net) in sums.nets)
        {
            Require(sums.shared.GetValueOrDefault(order) == net, $"order {order}: its net is {net}, but {sums.shared.GetValueOrDefault(order)} were shared out");
        }

        sums.waits.Sort();
        return sums;
    }

    void Take(EffectEntry effect)
    {
        Require(keys.Add(effect.Key), $"the key {effect.Key} has two effects");
        using var json = JsonDocument.Parse(effect.Body);
        var body = json.RootElement;
        var (order, amount) = (body.GetProperty("orderId").GetInt64(), body.GetProperty("amount").GetInt64());
        if (effect.System == Leg.Verification)
        {
            nets[order] = amount;
            return;
        }

        shared[order] = shared.GetValueOrDefault(order) + amount;
        if (effect.System == Leg.Split)
        {
            var wait = effect.ArrivedAt - UtcInstant.Parse(body.GetProperty("dueAt").GetString()!);
            Require(wait >= TimeSpan.Zero, $"order {order} was split before its mark");
            waits.Add(wait.TotalMilliseconds);
            merchants.Add(body.GetProperty("merchantId").GetInt64());
            LastSplit = effect.ArrivedAt > LastSplit ? effect.ArrivedAt : LastSplit;
        }
    }

    static void Require(bool holds, FormattableString otherwise)
    {
        if (!holds)
        {
            throw new BrokenInvariantException(otherwise.ToString(CultureInfo.InvariantCulture));
        }
    }
}
