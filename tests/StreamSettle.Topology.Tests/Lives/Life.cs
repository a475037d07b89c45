using StreamSettle.Schemas.Orders;
using StreamSettle.Streams.Log;
using StreamSettle.Topology.Names;

namespace StreamSettle.Topology.Tests.Lives;

/// <summary>A random life of some orders on the real topology: edits, deletions, replays of earlier records, aborted commits, restarts, operators, systems that undo what they did. Repeats from its seed.</summary>
sealed class Life : IDisposable
{
    /// <summary>Orders that live together, of two merchants.</summary>
    public const int Orders = 5;

    readonly LifeOptions options;
    readonly Random random;
    readonly bool faults;
    readonly RandomHolds holds;
    readonly Random returning;
    readonly List<(ShopOrder? Row, long Id, long Position)> written = [];

    public Life(int seed, bool faults, bool hostile = false)
        : this(seed, new() { Faults = faults, Hostile = hostile })
    {
    }

    public Life(int seed, LifeOptions options)
    {
        this.options = options;
        faults = options.Faults;
        random = new(seed);
        returning = new(seed);
        Bench = new(new()
        {
            Log = options.Log, Hostility = options.Hostile ? new(new Random(seed)) : null, Partitions = 1 + random.Next(3), CommitEvery = faults ? 1 + random.Next(4) : int.MaxValue,
            Settings = new() { PunctuationInterval = options.PunctuationInterval, MaxFired = 1 + random.Next(4) },
        });
        Bench.PutMerchant(438, "KA");
        holds = new(Bench, new(seed));
        Bench.Delivery.Script = key => Outcomes(key, seed);
    }

    public TestBench Bench { get; }

    /// <summary>What the source said of each order, news only, and whether its calculation had been told before.</summary>
    public List<(ShopOrder? Row, bool AfterCalculation)>[] News { get; } = [.. Enumerable.Range(0, Orders + 1).Select(_ => new List<(ShopOrder?, bool)>())];

    public void Run()
    {
        for (var step = 0; step < options.Steps; step++)
        {
            Act();
            Return();
            Bench.Advance(TimeSpan.FromMinutes(random.Next(1, 60 * 14)));
        }

        Bench.Log.BeforeCommit = null;
        holds.ReleaseAll();
        for (var round = 0; round < 8; round++)
        {
            Bench.Advance(TestBench.Day);
            ReplayCalls();
        }
    }

    public void Dispose() => Bench.Dispose();

    static DeliveryOutcome[] Outcomes(CallKey key, int seed) => ((key.Order.Value * 31 + (int)key.Leg * 7 + key.N + seed) % 5) switch
    {
        1 => [DeliveryOutcome.Failed, DeliveryOutcome.Confirmed],
        2 => [DeliveryOutcome.Failed, DeliveryOutcome.DeadLettered],
        _ => [DeliveryOutcome.Confirmed],
    };

    void Act()
    {
        if (faults)
        {
            Bench.Log.BeforeCommit = Abort;
        }

        if (random.Next(4) == 0)
        {
            holds.Act(Orders);
        }

        switch (random.Next(faults ? 12 : 10))
        {
            case < 7:
                Edit();
                break;
            case 7 when written.Count > 0:
                Again();
                break;
            case 8:
                Delete();
                break;
            case 10:
                Bench.Driver.Crash();
                break;
            case 11:
                Bench.Log.BeforeCommit = null;
                Bench.Restart();
                break;
            default:
                ReplayCalls();
                break;
        }
    }

    // The global stores' own commits are spared: outside of a round nobody would take up their loss.
    void Abort(LogCommit commit)
    {
        var isGlobal = commit.Positions.Any(position => position.Partition.Topic is Topics.ClockProgress or Topics.DeadLetters or Topics.Holds
            || position.Partition.Topic == Topics.Merchants(TestBench.Prefix) || position.Partition.Topic == Topics.Promoters(TestBench.Prefix));
        if (!isGlobal && random.Next(options.AbortOneIn) == 0)
        {
            throw new TransactionAbortedException("planted");
        }
    }

    void Edit()
    {
        var id = 1 + random.Next(Orders);
        var last = News[id].LastOrDefault().Row ?? new ShopOrder(id) { Merchant = 437 + id % 2, CompletedAt = Bench.Now };
        var row = random.Next(8) switch
        {
            0 => last with { Status = OrderStatus.Disputed },
            1 => last with { Status = OrderStatus.Completed, CompletedAt = Bench.Now },
            2 => last with { Gross = $"{100 + random.Next(50)}.0000" },
            3 => last with { Currency = random.Next(2) == 0 ? "XXX" : "EUR" },
            4 => last with { Promoter = random.Next(2) == 0 ? null : 9002 },
            5 or 6 => last with { Refunded = $"{random.Next(160)}.{random.Next(100):00}00" },
            _ => last with { Status = OrderStatus.Completed },
        };
        News[id].Add((row, IsCalculated(id)));
        written.Add((row, id, Bench.Put(row)));
    }

    void Delete()
    {
        var id = 1 + random.Next(Orders);
        News[id].Add((null, IsCalculated(id)));
        Bench.Delete(id);
    }

    void Again()
    {
        var (row, _, position) = written[random.Next(written.Count)];
        Bench.Put(row!, position);
    }

    /// <summary>A system undoes a call that was sent, whether its answer is known or not; or tells again of one that it undid before.</summary>
    void Return()
    {
        var sent = Bench.Calls().Where(call => call.Kind == DeliveryCommandKind.Send).Select(call => call.Text).ToList();
        if (sent.Count > 0 && returning.Next(3) == 0)
        {
            Bench.Return(sent[returning.Next(sent.Count)]);
        }
    }

    void ReplayCalls()
    {
        foreach (var call in Bench.Calls().Where(call => call.Kind == DeliveryCommandKind.Send).Select(call => call.Text).ToList())
        {
            var facts = Bench.Events(CallKey.TryParse(call, out var key) ? key.Order.Value : 0);
            var dead = facts.OfType<DeliveryDeadLettered>().Count(letter => letter.Key == call);
            if (dead > facts.OfType<DeliveryReplayed>().Count(replayed => replayed.Key == call))
            {
                Bench.Replay(call);
            }
        }
    }

    bool IsCalculated(long id) => Bench.Events(id).OfType<SettlementCalculated>().Any();
}
