using System.Text;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Auditing;
using StreamSettle.Sandbox.Auditing.Report;
using StreamSettle.Sandbox.Auditing.Rules;
using StreamSettle.Sandbox.Auditing.World;
using StreamSettle.Sandbox.Downstreams;
using StreamSettle.Sandbox.Downstreams.Effects;
using StreamSettle.Sandbox.Downstreams.Faults;

namespace StreamSettle.Sandbox.Tests.Audit;

/// <summary>A small sound world, written down by hand, into which tests plant what must be found.</summary>
internal sealed class Scene
{
    public const long Merchant = 7;
    public static readonly UtcInstant Start = UtcInstant.Parse("2026-11-02T12:00:00Z");
    static readonly MoneyLine[] SettledLines = [new("tax:DE", 190), new("carrier:3", 50), new("platform", 60), new("promoter:5", 20), new($"merchant:{Merchant}", 680)];

    public List<SourceOrder> Orders { get; } = [];

    public List<SourceMerchant> Merchants { get; } = [new(Merchant, "STANDARD")];

    public List<EffectEntry> Effects { get; } = [];

    public Dictionary<string, List<LoggedEvent>> Streams { get; } = [];

    public List<DownstreamStats> Stats { get; } = [new("Split", 10, 10, 10, 0, 0, 0, 0, 0, 0, 0)];

    public AuditOptions Options { get; set; } = new();

    public DelayRules Delays { get; set; } = DelayRules.None;

    /// <summary>Three settled orders a second apart, the first with two reversals.</summary>
    public static Scene Sound()
    {
        var scene = new Scene();
        scene.Settle(1, Seconds(0)).Settle(2, Seconds(1)).Settle(3, Seconds(2));
        scene.Reverse(1, 1, 100, Seconds(20), [new("tax:DE", 19), new("carrier:3", 5), new("platform", 6), new("promoter:5", 2), new($"merchant:{Merchant}", 68)]);
        scene.Reverse(1, 2, 300, Seconds(40), [new("tax:DE", 38), new("carrier:3", 10), new("platform", 12), new("promoter:5", 4), new($"merchant:{Merchant}", 136)]);
        scene.Orders[0] = scene.Orders[0] with { Refunded = Minor(300), UpdatedAt = Seconds(40) };
        return scene;
    }

    public static UtcInstant Seconds(double after) => Start + TimeSpan.FromSeconds(after);

    public static DecimalAmount Minor(long amount) => new(amount, 2);

    public AuditReport Judge() => Auditor.Judge(
        new()
        {
            Now = Seconds(1000),
            Orders = Orders,
            Merchants = Merchants,
            Effects = [.. Effects.OrderBy(effect => effect.ArrivedAt).Select((effect, at) => effect with { Sequence = at + 1 })],
            Streams = [.. Streams.Select(stream => new EventStream(stream.Key, stream.Value.Count, [.. stream.Value.Select((happened, at) => happened.Version == 0 ? happened with { Version = at + 1 } : happened)]))],
            Delays = Delays,
            Stats = Stats,
        },
        Options);

    /// <summary>The finding of one invariant, all others being sound.</summary>
    public Finding OnlyBroken(string invariant)
    {
        var report = Judge();
        Xunit.Assert.Equal([invariant], report.Findings.Where(finding => finding.Verdict == Verdict.Broken).Select(finding => finding.Invariant));
        Xunit.Assert.False(report.IsSound);
        return report.Findings.Single(finding => finding.Invariant == invariant);
    }

    public SourceOrder Row(long id, UtcInstant due) => new()
    {
        Id = id, MerchantId = Merchant, BuyerCountry = "DE", Currency = "EUR", Gross = Minor(1000), Shipping = Minor(0), Refunded = Minor(0), Status = "COMPLETED",
        CompletedAt = due - TimeSpan.FromHours(24), UpdatedAt = due - TimeSpan.FromHours(24),
    };

    public Scene Settle(long id, UtcInstant due)
    {
        Orders.Add(Row(id, due));
        Log(id, new(0, "settlement_scheduled") { RecordedAt = due - TimeSpan.FromHours(23), MerchantId = Merchant, DueAt = due });
        Log(id, new(0, "settlement_due") { RecordedAt = due + Ms(1), DueAt = due });
        Log(id, new(0, "settlement_calculated") { RecordedAt = due + Ms(2), MerchantId = Merchant, Currency = "EUR", Gross = 1000, Net = 1000, Lines = SettledLines });
        Deliver(id, Leg.Verification, 0, due, due + Ms(10), []);
        Deliver(id, Leg.Split, 0, due, due + Ms(20), SettledLines[1..3].Append(SettledLines[4]));
        Deliver(id, Leg.Tax, 0, due, due + Ms(21), SettledLines[..1]);
        Deliver(id, Leg.Commission, 0, due, due + Ms(30), SettledLines[3..4]);
        Log(id, new(0, "settlement_completed") { RecordedAt = due + Ms(40) });
        return this;
    }

    public void Reverse(long id, int n, long refunded, UtcInstant at, MoneyLine[] lines)
    {
        Log(id, new(0, "reversal_requested") { RecordedAt = at, N = n, Refunded = refunded });
        Log(id, new(0, "reversal_calculated") { RecordedAt = at + Ms(1), N = n, Lines = lines });
        Deliver(id, Leg.Split, n, at, at + Ms(10), lines.Where(line => line.Party is not ("tax:DE" or "promoter:5")));
        Deliver(id, Leg.Tax, n, at, at + Ms(11), lines.Where(line => line.Party == "tax:DE"));
        Deliver(id, Leg.Commission, n, at, at + Ms(20), lines.Where(line => line.Party == "promoter:5"));
        Log(id, new(0, "reversal_completed") { RecordedAt = at + Ms(30), N = n });
    }

    public void Log(long id, LoggedEvent happened)
    {
        if (!Streams.TryGetValue($"{id}", out var stream))
        {
            Streams[$"{id}"] = stream = [];
        }

        stream.Add(happened);
    }

    /// <summary>An effect and, 5 ms later, its confirmation.</summary>
    public void Deliver(long id, Leg leg, int n, UtcInstant due, UtcInstant arrived, IEnumerable<MoneyLine> lines)
    {
        var key = $"{id}:{leg.Name()}:{n}";
        Effects.Add(new(0, leg, key, arrived, EffectOutcome.Accepted, 201, FaultKind.None, $"r-{key}", Body(id, leg, n, due, lines)));
        Log(id, new(0, "delivery_confirmed") { RecordedAt = arrived + Ms(5), Key = key, Leg = leg.Name(), N = n, Receipt = $"r-{key}" });
    }

    public static byte[] Body(long id, Leg leg, int n, UtcInstant due, IEnumerable<MoneyLine> lines)
    {
        var list = lines.ToArray();
        var amount = leg == Leg.Verification ? 1000 : list.Sum(line => line.Amount);
        var parties = list.Select((line, at) => leg == Leg.Commission
            ? $$"""{"promoterId":{{line.Party.Split(':')[1]}},"level":{{at + 1}},"amount":{{line.Amount}} }"""
            : $$"""{"party":"{{line.Party}}","amount":{{line.Amount}} }""");
        var more = leg == Leg.Verification ? "" : $",\"lines\":[{string.Join(',', parties)}]";
        var completed = due - TimeSpan.FromHours(24);
        return Encoding.UTF8.GetBytes(
            $$"""{"orderId":{{id}},"merchantId":{{Merchant}},"currency":"EUR","amount":{{amount}},"kind":"{{(n == 0 ? "SETTLEMENT" : "REVERSAL")}}","ruleVersion":"v","completedAt":"{{completed}}","dueAt":"{{due}}"{{more}} }""");
    }

    /// <summary>Changes the one event that fits.</summary>
    public void Change(long id, Func<LoggedEvent, bool> which, Func<LoggedEvent, LoggedEvent> change)
    {
        var stream = Streams[$"{id}"];
        var at = stream.FindIndex(happened => which(happened));
        stream[at] = change(stream[at]);
    }

    public void ChangeEffect(string key, Func<EffectEntry, EffectEntry> change)
    {
        var at = Effects.FindIndex(effect => effect.Key == key);
        Effects[at] = change(Effects[at]);
    }

    /// <summary>Everything of the order but its scheduling comes so much later.</summary>
    public void Delay(long id, double seconds)
    {
        var by = TimeSpan.FromSeconds(seconds);
        Streams[$"{id}"] = [.. Streams[$"{id}"].Select(happened => happened.Type == "settlement_scheduled" ? happened : happened with { RecordedAt = happened.RecordedAt + by })];
        for (var at = 0; at < Effects.Count; at++)
        {
            Effects[at] = Effects[at].Key.StartsWith($"{id}:", StringComparison.Ordinal) ? Effects[at] with { ArrivedAt = Effects[at].ArrivedAt + by } : Effects[at];
        }
    }

    static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
