using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Schemas.Orders;
using StreamSettle.Streams.Log;
using StreamSettle.Topology.Formats;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Orders;

namespace StreamSettle.Topology.Tests.Lives;

/// <summary>
/// A random life in which changes cannot be read, people replay and discard them late and in any order, and the retention is so short that orders are forgotten
/// while they still change. With aborted commits, crashes and restarts, over several partitions. Repeats from its seed.
/// </summary>
sealed class HardLife : IDisposable
{
    /// <summary>Orders that live together, of two merchants.</summary>
    public const int Orders = 6;

    const int Steps = 40;

    static readonly TimeSpan Long = TimeSpan.FromDays(400);

    readonly Random random;
    readonly bool faults;
    readonly RandomHolds holds;

    /// <param name="formats">Of each process; binary by default.</param>
    public HardLife(int seed, bool faults, Func<InternalFormats>? formats = null)
    {
        this.faults = faults;
        random = new(seed);
        Retention = random.Next(3) == 0 ? Long : TimeSpan.FromHours(random.Next(1, 40));
        Bench = new(new()
        {
            Partitions = 1 + random.Next(3), CommitEvery = faults ? 1 + random.Next(4) : int.MaxValue,
            Formats = formats ?? (() => InternalFormats.Binary),
            Settings = new() { PunctuationInterval = TimeSpan.FromMinutes(30), MaxFired = 1 + random.Next(4), Retention = Retention },
        });
        Bench.PutMerchant(438, "KA");
        holds = new(Bench, new(seed));
        Bench.Delivery.Script = key => (key.Order.Value + (int)key.Leg + key.N + seed) % 4 == 0 ? [DeliveryOutcome.DeadLettered] : [DeliveryOutcome.Confirmed];
    }

    public TimeSpan Retention { get; }

    public bool Forgets => Retention < Long;

    public TestBench Bench { get; }

    public HardOrder[] Model { get; } = [.. Enumerable.Range(0, Orders + 1).Select(id => new HardOrder(id))];

    public void Run()
    {
        for (var step = 0; step < Steps; step++)
        {
            Bench.Log.BeforeCommit = faults ? Abort : null;
            Act();
            if (random.Next(4) == 0)
            {
                holds.Act(Orders);
            }

            Bench.Advance(TimeSpan.FromMinutes(random.Next(1, 60 * 10)));
            LookForCalculations();
        }

        Bench.Log.BeforeCommit = null;
        holds.ReleaseAll();
        Settle();
    }

    public void Dispose() => Bench.Dispose();

    /// <summary>The clock knows the order, so what is read of it can still move it.</summary>
    public bool IsKnown(long id)
    {
        var key = new byte[OrderKey.Size];
        OrderKey.Write(new(id), key);
        return Enumerable.Range(0, Bench.Partitions).Any(partition => Bench.Driver.Store(StoreNames.OpenOrders, partition).TryGet(key, out _));
    }

    /// <summary>Everything that waits is answered: records are read, calls and orders replayed, until nothing moves any more.</summary>
    void Settle()
    {
        foreach (var letter in Letters(DeadLetter.Intake).OrderBy(_ => random.Next()).ToList())
        {
            ReplayRecord(letter);
            LookForCalculations();
        }

        for (var round = 0; round < 6; round++)
        {
            Bench.Advance(TestBench.Day);
            LookForCalculations();
            ReplayAll();
            Bench.Advance(TimeSpan.FromHours(2));
            LookForCalculations();
        }
    }

    void Act()
    {
        switch (random.Next(faults ? 16 : 14))
        {
            case < 6:
                Write(torn: false);
                break;
            case < 9:
                Write(torn: true);
                break;
            case 9:
                OneOf(Letters(DeadLetter.Intake), ReplayRecord);
                break;
            case 10:
                OneOf(Letters(DeadLetter.Intake), DiscardRecord);
                break;
            case 11:
                OneOf(Letters("calculation"), letter => Bench.Replay(letter.Id));
                break;
            case 12:
                OneOf(Letters("calculation"), letter => Bench.Operate(letter.Id, replay: true, proven: false));
                break;
            case 14:
                Bench.Driver.Crash();
                break;
            case 15:
                Bench.Log.BeforeCommit = null;
                Bench.Restart();
                break;
            default:
                ReplayAll();
                break;
        }
    }

    void Write(bool torn)
    {
        var order = Model[1 + random.Next(Orders)];
        var row = Next(order.Latest ?? new ShopOrder(order.Id) { Merchant = 437 + order.Id % 2, CompletedAt = Bench.Now });
        order.Written(row, torn, IsKnown(order.Id));
        _ = (torn, row) switch
        {
            (true, null) => Bench.TearDeletion(order.Id),
            (true, _) => Bench.Tear(row),
            (false, null) => Bench.Delete(order.Id),
            (false, _) => Bench.Put(row),
        };
        order.At(Bench.LastLsn);
    }

    ShopOrder? Next(ShopOrder last) => random.Next(9) switch
    {
        0 => last with { Status = OrderStatus.Disputed },
        1 => null,
        2 => last with { Gross = $"{100 + random.Next(50)}.0000" },
        3 => last with { Currency = random.Next(2) == 0 ? "XXX" : "EUR" },
        4 or 5 => last with { Refunded = $"{random.Next(100)}.{random.Next(100):00}00" },
        _ => last with { Status = OrderStatus.Completed },
    };

    void ReplayRecord(DeadLetter letter)
    {
        var order = Model[letter.OrderId!.Value];
        order.Replayed(NumberOf(letter), IsKnown(order.Id));
        Bench.Mend();
        Bench.OperateRecord(letter, replay: true);
        Bench.Unmend();
    }

    void DiscardRecord(DeadLetter letter)
    {
        Model[letter.OrderId!.Value].Discarded(NumberOf(letter));
        Bench.OperateRecord(letter, replay: false);
    }

    /// <summary>The how-manieth change of its order a record is: letters carry its position in their bytes.</summary>
    int NumberOf(DeadLetter letter)
    {
        var change = new Connectors.Debezium.OrderChangeSerde().Read(letter.Payload.AsSpan(TornDeserializer.Tear.Length));
        var lsn = change.Position.Lsn;
        return Model[letter.OrderId!.Value].NumberAt(lsn);
    }

    void ReplayAll()
    {
        foreach (var letter in Bench.DeadLetters().Where(letter => letter.Stage == "calculation").ToList())
        {
            Bench.Replay(letter.Id);
        }

        foreach (var key in Bench.Calls().Where(call => call.Kind == DeliveryCommandKind.Send).Select(call => call.Key).ToList())
        {
            var facts = Bench.Events(key.Order.Value);
            if (facts.OfType<DeliveryDeadLettered>().Count(dead => dead.Key == key.ToString()) > facts.OfType<DeliveryReplayed>().Count(again => again.Key == key.ToString()))
            {
                Bench.Replay(key.ToString());
            }
        }
    }

    /// <summary>An order that has just been calculated was calculated from what is known of it now: nothing was written since it was looked at last.</summary>
    void LookForCalculations()
    {
        foreach (var order in Model.Skip(1))
        {
            if (!order.IsCalculated && Bench.Events(order.Id).OfType<SettlementCalculated>().Any())
            {
                order.Calculated();
            }
        }
    }

    List<DeadLetter> Letters(string stage) => [.. Bench.DeadLetters().Where(letter => letter.Stage == stage)];

    void OneOf(List<DeadLetter> letters, Action<DeadLetter> act)
    {
        if (letters.Count > 0)
        {
            act(letters[random.Next(letters.Count)]);
        }
    }

    // The global stores' own commits are spared: outside of a round nobody would take up their loss.
    void Abort(LogCommit commit)
    {
        var isGlobal = commit.Positions.Any(position => position.Partition.Topic is Topics.ClockProgress or Topics.DeadLetters or Topics.Holds
            || position.Partition.Topic == Topics.Merchants(TestBench.Prefix) || position.Partition.Topic == Topics.Promoters(TestBench.Prefix));
        if (!isGlobal && random.Next(12) == 0)
        {
            throw new TransactionAbortedException("planted");
        }
    }
}
