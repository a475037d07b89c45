using System.Globalization;
using StreamSettle.Settlement.Payouts;
using StreamSettle.Settlement.Rules;
using StreamSettle.Topology.Payouts;
using StreamSettle.Topology.Tests.Lives;

namespace StreamSettle.Topology.Tests.Payouts;

/// <summary>Random shops with random payout terms, restarts and crashes: every order ends, no split goes on a day off, twice, or before there is enough. A failure names the seed of the life.</summary>
public sealed class PayoutLivesTests
{
    const int Lives = 8;
    const int Orders = 40;

    static readonly string[] Zones = ["UTC", "Asia/Tokyo", "Europe/Berlin", "America/Los_Angeles"];
    static readonly string[] Currencies = ["EUR", "JPY"];

    [Fact]
    public void Every_split_goes_once_on_a_payout_day_when_there_is_enough_or_its_time_is_over() => Seeds.Each(Lives, Live);

    static void Live(int seed)
    {
        var random = new Random(seed);
        var rules = PayoutRules.With(RandomTerms(random), Calendar("DE", random), Calendar("JP", random));
        var isBounded = random.Next(2) == 0;
        using var bench = new TestBench(new() { Rules = rules, CommitEvery = random.Next(1, 4), Settings = new() { PunctuationInterval = TimeSpan.FromMinutes(7), MaxFired = isBounded ? 2 : 500 } });
        bench.PutMerchant(437, country: "DE", zone: Zones[random.Next(Zones.Length)]);
        bench.PutMerchant(438, country: "JP", zone: Zones[random.Next(Zones.Length)]);
        for (var id = 1; id <= Orders; id++)
        {
            bench.Put(
                PayoutBench.Order(id, TimeSpan.FromMinutes(random.Next(4 * 24 * 60))) with
                {
                    Merchant = 437 + random.Next(2), Currency = Currencies[random.Next(2)], Gross = random.Next(20, 300).ToString(CultureInfo.InvariantCulture), Shipping = "5",
                },
                run: false);
        }

        for (var hour = 0; hour < 14 * 24; hour += 6)
        {
            bench.Advance(TimeSpan.FromHours(6));
            QueueCheck.Check(bench);
            if (random.Next(6) == 0)
            {
                bench.Driver.Crash();
            }
            else if (random.Next(6) == 0)
            {
                bench.Restart();
            }
        }

        Assert.Equal(0, QueueCheck.Check(bench));
        FoldCheck.Check(bench);
        for (var id = 1; id <= Orders; id++)
        {
            Judge(bench, rules, id);
        }

        if (!isBounded)
        {
            Enough(bench);
        }
    }

    /// <summary>Every wait has an end within the life.</summary>
    static string RandomTerms(Random random)
    {
        var calendar = random.Next(4) switch
        {
            0 => "",
            1 => """, "calendar": "MERCHANT_COUNTRY" """,
            2 => """, "calendar": "DE" """,
            _ => $""", "calendar": "JP", "cutOff": "{random.Next(1, 24):00}:{random.Next(60):00}" """,
        };
        var minimum = random.Next(3) == 0 ? "" : $$""", "minimum": {"EUR": {{random.Next(1, 60_000)}}, "JPY": {{random.Next(1, 600)}} }, "maxWait": "PT{{random.Next(1, 72)}}H" """;
        return $$"""[{"when": {"merchantId": 437}{{calendar}}{{minimum}} }, {"when": {"merchantId": 438}, "calendar": "MERCHANT_COUNTRY"}]""";
    }

    static string Calendar(string name, Random random) => Days(name, random.Next(2, 4), random.Next(4, 7));

    static string Days(string name, int one, int two) =>
        $"{{\"name\": \"{name}\", \"source\": \"made up\", \"licence\": \"CC0-1.0\", \"weekend\": [\"SATURDAY\", \"SUNDAY\"], "
        + $"\"years\": {{\"2026\": {{\"holidays\": {{\"2026-11-0{one}\": \"one\", \"2026-11-0{two}\": \"two\"}}}}}}}}";

    static void Judge(TestBench bench, RuleBook rules, long id)
    {
        Assert.Equal("SettlementCompleted", bench.Told(id)[^1]);
        Assert.Single(bench.Sent(id), key => key == $"{id}:split:0");
        var deferrals = bench.Events(id).OfType<PayoutDeferred>().ToList();
        var released = bench.Events(id).OfType<PayoutReleased>().SingleOrDefault();
        Assert.Equal(deferrals.Count > 0, released is not null);
        var at = UtcInstant.Parse(released?.RecordedAt ?? bench.Events(id).OfType<DeliveryConfirmed>().Single(call => call.Leg == "split").RecordedAt);
        Assert.All(deferrals, told => Assert.True(told.PayableAt is null || UtcInstant.Parse(told.PayableAt) <= at));
        var calculated = bench.Only<SettlementCalculated>(id);
        if (calculated.Payout?.Calendar is { } calendar)
        {
            // Where it was not deferred its answer came within the same punctuation's round, so that its time is the split's.
            var zone = Zone(bench, calculated.MerchantId);
            var cutOff = calculated.Payout.CutOff is { } text ? TimeOnly.ParseExact(text, "HH:mm:ss", CultureInfo.InvariantCulture) : default(TimeOnly?);
            var name = calendar == AgreedPayout.MerchantCountry ? (calculated.MerchantId == 437 ? "DE" : "JP") : calendar;
            Assert.IsType<PayoutTime.Open>(rules.Calendars.Next(name, zone, cutOff, at));
        }
    }

    /// <summary>As soon as somebody is let go there is enough, or a wait is over; and while nobody is, there is not.</summary>
    static void Enough(TestBench bench)
    {
        var waits = Enumerable.Range(1, Orders).SelectMany(id => Waits(bench, id)).ToList();
        foreach (var wait in waits)
        {
            var last = wait.To - TimeSpan.FromMicroseconds(1);
            var with = waits.Where(one => one.Merchant == wait.Merchant && one.Currency == wait.Currency && one.From <= last && one.To > last).ToList();
            Assert.True(with.Sum(one => one.Amount) >= with.Min(one => one.Minimum) || with.Any(one => one.LatestAt <= wait.To), $"{wait}");
        }
    }

    static IEnumerable<Wait> Waits(TestBench bench, long id)
    {
        var told = bench.Events(id).Where(happened => happened is PayoutDeferred or PayoutReleased).ToList();
        for (var i = 0; i < told.Count; i++)
        {
            if (told[i] is PayoutDeferred { Minimum: { } minimum, LatestAt: { } latest } deferred)
            {
                yield return new(
                    bench.Only<SettlementCalculated>(id).MerchantId, deferred.Currency, deferred.Amount, minimum, UtcInstant.Parse(latest), UtcInstant.Parse(deferred.RecordedAt),
                    UtcInstant.Parse(told[i + 1].RecordedAt));
            }
        }
    }

    static string Zone(TestBench bench, long merchant) =>
        new MerchantPlaces(bench.Driver.GlobalStore(Names.StoreNames.Merchants)).Of(new(merchant)).TimeZone;

    /// <summary>A split that gathered, from when to when.</summary>
    sealed record Wait(long Merchant, string Currency, long Amount, long Minimum, UtcInstant LatestAt, UtcInstant From, UtcInstant To);
}
