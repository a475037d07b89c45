using System.Globalization;
using StreamSettle.Audit.Events;

namespace StreamSettle.Audit.Tests.Projections;

/// <summary>Lives of orders as the platform tells them, mixed as a log mixes them: each order's events stay in their order.</summary>
sealed class RandomLog
{
    static readonly string[] Currencies = ["EUR", "JPY", "KWD"];
    static readonly string[] Countries = ["DE", "FR", "a|b"];
    static readonly string[] Legs = ["verification", "split", "commission", "tax"];

    readonly Random random;
    readonly List<SettlementEvent> life = [];
    readonly HashSet<string> holds = [];
    DateTimeOffset now;
    long order;
    int causes;

    RandomLog(int seed) => random = new(seed);

    public static List<(long Order, SettlementEvent Happened)> Create(int seed, int orders)
    {
        var log = new RandomLog(seed);
        var lives = Enumerable.Range(1, orders).Select(order => (Order: (long)order, Events: new Queue<SettlementEvent>(log.Live(order)))).ToList();
        List<(long, SettlementEvent)> mixed = [];
        while (lives.Count > 0)
        {
            var at = log.random.Next(Math.Min(lives.Count, 20));
            mixed.Add((lives[at].Order, lives[at].Events.Dequeue()));
            if (lives[at].Events.Count == 0)
            {
                lives.RemoveAt(at);
            }
        }

        return mixed;
    }

    List<SettlementEvent> Live(long id)
    {
        order = id;
        life.Clear();
        holds.Clear();
        now = new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero).AddHours(random.Next(72));
        life.Add(new SettlementScheduled(Cause(), At(), Merchant(), Text(now.AddDays(-1)), Text(now)));
        if (random.Next(4) == 0)
        {
            life.Add(new SettlementRescheduled(Cause(), At(), Merchant(), Text(now.AddDays(-1)), Text(now)));
        }

        MaybeHold();
        life.Add(new SettlementDue(Cause(), At(), Text(now)));
        MaybeHold();
        switch (random.Next(8))
        {
            case 0:
                life.Add(new SettlementCancelled(Cause(), At(), "status"));
                break;
            case 1:
                Refuse("calculation", 0);
                break;
            default:
                Settle();
                break;
        }

        MaybeHold();
        return [.. life];
    }

    void Settle()
    {
        var currency = Pick(Currencies);
        var (tax, rest) = (random.Next(3_000), random.Next(1, 9_000_000));
        life.Add(new SettlementCalculated(
            Cause(), At(), Merchant(), currency, tax + rest, 0, tax + rest, "2026-01", random.Next(2) == 0, 0,
            [new($"tax:{Pick(Countries)}", tax, "t"), new("merchant:1", rest, "m")], Text(now.AddDays(-1)), Text(now)));
        foreach (var leg in Legs)
        {
            Deliver(leg, 0);
        }

        for (var n = 1; n <= random.Next(3); n++)
        {
            MaybeHold();
            life.Add(new ReversalRequested(Cause(), At(), n, n * 10, Text(now)));
            life.Add(new ReversalCalculated(Cause(), At(), n, [new($"tax:{Pick(Countries)}", random.Next(1, 5)), new("merchant:1", random.Next(1, 50))]));
            Deliver("split", n);
            life.Add(new ReversalCompleted(Cause(), At(), n));
        }

        life.Add(new SettlementCompleted(Cause(), At(), []));
    }

    void Deliver(string leg, int n)
    {
        for (var attempt = 1; random.Next(3) == 0; attempt++)
        {
            life.Add(new DeliveryFailed(Cause(), At(), Key(leg, n), leg, n, attempt, "503"));
        }

        if (random.Next(4) == 0)
        {
            Refuse(leg, n);
        }
        else
        {
            life.Add(new DeliveryConfirmed(Cause(), At(), Key(leg, n), leg, n, random.Next(1, 3), "r"));
        }
    }

    void Refuse(string leg, int n)
    {
        life.Add(new DeliveryDeadLettered(Cause(), At(), Key(leg, n), leg, n, 3, $"reason {random.Next(3)}"));
        switch (random.Next(3))
        {
            case 0:
                life.Add(new DeliveryReplayed(Cause(), At(), Key(leg, n), leg, n, 3, "ann", "again"));
                life.Add(new DeliveryDeadLettered(Cause(), At(), Key(leg, n), leg, n, 4, "again"));
                break;
            case 1:
                life.Add(new DeliveryReplayed(Cause(), At(), Key(leg, n), leg, n, 3, "ann"));
                break;
            default:
                life.Add(new DeliveryDiscarded(Cause(), At(), Key(leg, n), leg, n, 3, "bob", null, "given up"));
                break;
        }
    }

    /// <summary>On one thing or several, let go at once or later or never.</summary>
    void MaybeHold()
    {
        foreach (var scope in holds.Where(_ => random.Next(2) == 0).ToList())
        {
            holds.Remove(scope);
            life.Add(new SettlementReleased(Cause(), At(), scope, "done", "ann"));
        }

        foreach (var scope in new[] { "everything", "merchant:1" }.Where(scope => random.Next(5) == 0 && holds.Add(scope)))
        {
            life.Add(new SettlementHeld(Cause(), At(), scope, "look", "ann"));
        }
    }

    string At()
    {
        now = now.AddMinutes(random.Next(400));
        return Text(now);
    }

    string Cause() => $"c{++causes}";

    string Key(string leg, int n) => $"{order}:{leg}:{n}";

    long Merchant() => random.Next(1, 5);

    T Pick<T>(T[] all) => all[random.Next(all.Length)];

    static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
