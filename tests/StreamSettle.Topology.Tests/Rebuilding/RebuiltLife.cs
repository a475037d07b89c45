using StreamSettle.Delivery.Tests.Processing;
using StreamSettle.Topology.Tests.Lives;

namespace StreamSettle.Topology.Tests.Rebuilding;

/// <summary>
/// A random life behind the delivery that the service has: orders and refunds, systems that err, degrade, do without saying so, reject and undo, people who hold, replay and give up. At
/// each step a rebuild is compared with what there is; at some the state is lost. Repeats from its seed.
/// </summary>
sealed class RebuiltLife : IDisposable
{
    const int Orders = 6;
    const int Steps = 30;

    static readonly TimeSpan Punctuation = TimeSpan.FromSeconds(1);

    readonly Random random;
    readonly RandomHolds holds;
    readonly SortedDictionary<long, ShopOrder> rows = [];
    bool isWell;

    public RebuiltLife(int seed)
    {
        random = new(seed);
        System.OnPost = (key, n) => isWell || n > 2 ? Reply.Ok : Misbehave(new Random(unchecked((int)(seed * 131 + Of(key) * 7 + n))).Next(10));
        System.OnPatch = (key, n) => n == 1 && Of(key) % 2 == 0 ? Reply.Of(503) : Reply.Ok;
        Bench = new(new()
        {
            System = System, CommitEvery = 1, Settings = new() { PunctuationInterval = Punctuation },
            Calls = new()
            {
                BaseUrl = "http://systems", RetryBase = TimeSpan.FromSeconds(1), RetryMax = TimeSpan.FromSeconds(4), MaxAttempts = 2,
                Breaker = new() { MinimumOutcomes = 3, Window = TimeSpan.FromSeconds(20) },
            },
        });
        Bench.PutMerchant(Rebuilds.KeyAccount, "KA");
        holds = new(Bench, random);
    }

    public TestBench Bench { get; }

    public ScriptedSystem System { get; } = new();

    /// <summary>How often the state was lost.</summary>
    public int Losses { get; private set; }

    public void Run()
    {
        for (var step = 0; step < Steps; step++)
        {
            Act();
            Bench.Advance(TimeSpan.FromSeconds(random.Next(1, 6)));
            RebuiltCheck.Check(Bench, Rows);
            if (random.Next(10) == 0)
            {
                Losses++;
                Bench.RebuildKeepingHolds(Rows);
            }
        }

        isWell = true;
        holds.ReleaseAll();
        for (var round = 0; round < 4; round++)
        {
            Bench.Advance(TimeSpan.FromMinutes(1));
            Dead().ForEach(key => Bench.Replay(key));
        }

        Bench.Advance(TimeSpan.FromMinutes(1));
        RebuiltCheck.Check(Bench, Rows);
    }

    public void Dispose() => Bench.Dispose();

    ShopOrder[] Rows => [.. rows.Values];

    void Act()
    {
        switch (random.Next(8))
        {
            case < 3 when rows.Count < Orders:
                Sell();
                break;
            case 3 when rows.Count > 0:
                Refund();
                break;
            case 4:
                holds.Act(Orders);
                break;
            case 5 when System.Effects.Count > 0:
                Bench.Return(System.Effects[random.Next(System.Effects.Count)]);
                break;
            case 6 when Dead() is { Count: > 0 } dead:
                Bench.Replay(dead[random.Next(dead.Count)]);
                break;
            case 7 when Dead() is { Count: > 0 } dead && random.Next(3) == 0:
                Bench.Discard(dead[random.Next(dead.Count)]);
                break;
        }
    }

    void Sell()
    {
        var id = rows.Count + 1;
        Put(new(id)
        {
            Merchant = 437 + id % 2, CompletedAt = Bench.Now - TestBench.Day + TimeSpan.FromSeconds(random.Next(1, 8)), Currency = random.Next(8) == 0 ? "XXX" : "EUR",
            Invoice = random.Next(4) == 0 ? null : $$"""{"no": "R-{{id}}"}""",
        });
    }

    void Refund()
    {
        var row = rows.Values.ElementAt(random.Next(rows.Count));
        Put(row with { Refunded = $"{random.Next(1, 130)}.0000" });
    }

    void Put(ShopOrder row)
    {
        rows[row.Id] = row;
        Bench.Put(row);
    }

    List<string> Dead() => [.. Bench.DeadLetters().Select(letter => letter.Id).Order(StringComparer.Ordinal)];

    static long Of(string key) => key.Aggregate(7L, (sum, letter) => unchecked(sum * 31 + letter));

    static Reply Misbehave(int chance) => chance switch
    {
        0 or 1 => Reply.Of(503),
        2 => Reply.Of(500, happens: true),
        3 => Reply.DoneButLost,
        4 => Reply.Vanished,
        5 => Reply.Of(422, "no"),
        _ => Reply.Ok,
    };
}
