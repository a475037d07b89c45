using System.Text.Json;
using System.Text.Json.Nodes;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Sandbox.Shop;
using Xunit;

namespace StreamSettle.Integration.Tests.WhatIf;

/// <summary>A period is divided again from the event log by other rules.</summary>
public class RulesDiffTests(TestPostgres postgres)
{
    const int Orders = 40;
    const string Version = "2020-01";

    static readonly TimeSpan SettledWithin = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task By_the_version_that_settled_it_a_period_comes_out_as_recorded_and_by_another_what_differs_is_told_down_to_the_order()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        await using (var service = world.Run())
        {
            await service.ReadyAsync();
            await world.SellAsync(world.Shop(Orders) with { Fates = FateShares.None });
            await Settled.OrdersAsync(world, service, Orders, SettledWithin);
        }

        // The rows are gone or others by now: the event log alone says what was divided.
        await world.ExecuteAsync("update orders set shipping_amount = 0, category = 'other', promoter_id = null; update merchants set tier = 'OTHER'");
        var before = await EventsAsync(world);

        var same = JsonDocument.Parse(await DiffAsync(world, "recorded", Version, "json")).RootElement;
        Assert.Equal((Orders, 0, 0, 0), (Count(same, "orders"), Count(same, "differing"), Count(same, "notDividedAgain"), Count(same, "otherThanRecorded")));
        Assert.Equal(0, same.GetProperty("merchants").GetArrayLength());

        var free = WithoutFees(world);
        var other = JsonDocument.Parse(await DiffAsync(world, Version, free, "json")).RootElement;
        Assert.Equal(Orders, Count(other, "differing"));
        Assert.All(other.GetProperty("merchants").EnumerateArray(), Balances);
        var platform = Assert.Single(other.GetProperty("parties").EnumerateArray(), party => Text(party, "currency") == "EUR" && Text(party, "party") == "platform");
        Assert.Equal(0, platform.GetProperty("b").GetInt64());
        Assert.Equal(await world.QueryAsync<long>(
            """
            select sum((line ->> 'Amount')::bigint)::bigint from settlement.mt_events, jsonb_array_elements(data -> 'Lines') as line
             where type = 'settlement_calculated' and data ->> 'Currency' = 'EUR' and line ->> 'Party' = 'platform'
            """), platform.GetProperty("a").GetInt64());

        AddsUp(await DiffAsync(world, Version, free, "csv"));
        var table = await DiffAsync(world, Version, free, "table");
        Assert.Contains($"{Orders} orders, {Orders} divided otherwise", table, StringComparison.Ordinal);
        Assert.Contains("By merchant", table, StringComparison.Ordinal);
        Assert.Equal(before, await EventsAsync(world));
    }

    [Fact]
    public async Task What_means_nothing_is_refused_with_what_there_is()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));

        var version = await world.CommandAsync("rules", "diff", "recorded", "2031-09", "--from", "2026-01-01", "--to", "2027-01-01");
        Assert.Equal(1, version.Code);
        Assert.Contains(Version, version.Errors, StringComparison.Ordinal);

        var period = await world.CommandAsync("rules", "diff", "recorded", Version, "--from", "yesterday", "--to", "2027-01-01");
        Assert.True(period.Code == 1 && period.Errors.Contains("--from", StringComparison.Ordinal) && period.Errors.Contains("yesterday", StringComparison.Ordinal), period.Errors);

        var empty = await world.CommandAsync("rules", "diff", "recorded", Version, "--from", "2027-01-01", "--to", "2026-01-01");
        Assert.True(empty.Code == 1 && empty.Errors.Contains("before", StringComparison.Ordinal), empty.Errors);
    }

    static async Task<string> DiffAsync(World world, string a, string b, string format)
    {
        var done = await world.CommandAsync("rules", "diff", a, b, "--from", "2000-01-01", "--to", "2100-01-01T00:00:00Z", "--format", format);
        Assert.True(done.Code == 0, done.Output + done.Errors);
        return done.Output;
    }

    /// <summary>What one party loses the others get, in each order; and the orders are the merchant's sum.</summary>
    static void Balances(JsonElement merchant)
    {
        var ofOrders = new Dictionary<(string?, string?), long>();
        foreach (var order in merchant.GetProperty("orders").EnumerateArray())
        {
            var parties = order.GetProperty("parties").EnumerateArray().ToList();
            Assert.Equal(0, parties.Where(party => Text(party, "party") != "export-refund").Sum(party => party.GetProperty("difference").GetInt64()));
            foreach (var party in parties)
            {
                var key = (Text(order, "currency"), Text(party, "party"));
                ofOrders[key] = ofOrders.GetValueOrDefault(key) + party.GetProperty("difference").GetInt64();
            }
        }

        Assert.Equal(
            ofOrders.OrderBy(sum => sum.Key).Select(sum => (sum.Key.Item1, sum.Key.Item2, sum.Value)),
            merchant.GetProperty("parties").EnumerateArray().Select(party => (Text(party, "currency"), Text(party, "party"), party.GetProperty("difference").GetInt64())).Order());
    }

    static void AddsUp(string csv)
    {
        var rows = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(row => row.TrimEnd('\r').Split(',')).ToLookup(cells => cells[0]);
        Assert.NotEmpty(rows["order"]);
        Assert.Equal(Sums(rows["merchant"]), Sums(rows["order"]));
    }

    static SortedDictionary<string, long> Sums(IEnumerable<string[]> rows) => new(
        rows.GroupBy(cells => string.Join(',', cells[1..4])).ToDictionary(same => same.Key, same => same.Sum(cells => long.Parse(cells[8], System.Globalization.CultureInfo.InvariantCulture))),
        StringComparer.Ordinal);

    /// <summary>A folder of rules by which nobody pays a fee.</summary>
    static string WithoutFees(World world)
    {
        var rules = JsonNode.Parse(File.ReadAllText(Path.Combine(world.RulesDirectory, "rules.json")))!.AsObject();
        rules["version"] = "free";
        rules["fees"] = new JsonArray();
        var folder = Directory.CreateDirectory(Path.Combine(world.Folder, "free")).FullName;
        File.WriteAllText(Path.Combine(folder, "rules.json"), rules.ToJsonString());
        return folder;
    }

    static Task<long> EventsAsync(World world) => world.QueryAsync<long>("select count(*) from settlement.mt_events");

    static int Count(JsonElement report, string name) => report.GetProperty(name).GetInt32();

    static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
