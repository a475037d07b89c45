using System.Text.Json;
using System.Text.RegularExpressions;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Schemas.Changes;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Connectors.Tests.Embedded;

/// <summary>A deferrable key is checked at the end of a statement or a transaction: until then two rows may have it, and the older one goes last.</summary>
public sealed class LateKeyTests(SourceServer server)
{
    /// <summary>Each begins with the rows 1 to 3, whose values are 11, 12, 13.</summary>
    static readonly string[] Transactions =
    [
        "update {t} set {k} = {k} + 1",
        "{insert 2, 22}; delete from {t} where {k} = 2 and {v} = '12'",
        "{insert 2, 22}; delete from {t} where {k} = 2 and {v} = '12'; update {t} set {v} = '32' where {k} = 2",
        "{insert 2, 22}; delete from {t} where {k} = 2 and {v} = '22'",
        "update {t} set {v} = '32' where {k} = 2; {insert 2, 22}; delete from {t} where {v} = '32'",
        "{insert 2, 22}; update {t} set {v} = '32' where {v} = '12'; delete from {t} where {v} = '22'",
        "{insert 2, 22}; update {t} set {v} = '32' where {v} = '12'; delete from {t} where {v} = '32'",
        "{insert 2, 22}; update {t} set {v} = '32' where {v} = '22'; delete from {t} where {v} = '12'",
        "{insert 2, 22}; update {t} set {k} = 9 where {v} = '22'",
        "{insert 2, 22}; update {t} set {k} = 9 where {v} = '12'",
        "{insert 2, 22}; delete from {t} where {k} = 2",
        "{insert 9, 22}; delete from {t} where {k} = 9",
        "{insert 9, 22}; {insert 9, 32}; delete from {t} where {v} = '22'",
        "{insert 2, 12}; delete from {t} where ctid = (select max(ctid) from {t} where {k} = 2)",
        "{insert 2, 12}; delete from {t} where ctid = (select min(ctid) from {t} where {k} = 2)",
        "update {t} set {k} = {k} + 1; update {t} set {k} = {k} - 1",
        "update {t} set {k} = 3 - {k} where {k} < 3",
        "delete from {t} where {k} = 2; {insert 2, 22}; delete from {t} where {k} = 2; {insert 2, 32}",
        "{insert 9, 22}; set constraints all immediate; truncate {t}; set constraints all deferred; {insert 2, 32}; {insert 2, 42}; delete from {t} where {v} = '32'",
    ];

    public static TheoryData<string, string, string, string> Tables => new()
    {
        { "orders", "order_id", "gross_amount", "insert into orders (order_id,gross_amount,merchant_id,buyer_country,currency,status) values ({0},5,'US','USD','PAID')" },
        { "merchants", "merchant_id", "tier", "insert into merchants (merchant_id,tier,name,country) values ({0},'','US')" },
        { "promoters", "promoter_id", "parent_id", "insert into promoters (promoter_id,parent_id,name) values ({0},'')" },
    };

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task In_whatever_order_a_transaction_fills_and_frees_a_key_the_row_that_is_left_counts(string table, string key, string value, string insert)
    {
        var shop = await ShopAsync(table, key);
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog());
        foreach (var transaction in Transactions)
        {
            await shop.ExecuteAsync(Sql("begin; delete from {t}; {insert 1, 11}; {insert 2, 12}; {insert 3, 13}; commit", table, key, value, insert));
            await shop.ExecuteAsync(Sql($"begin; {transaction}; commit", table, key, value, insert));
            await UntilReadAsync(shop, capture, table);
            Assert.Equal((transaction, await InTableAsync(shop, table, key, value)), (transaction, InLog(capture, table, key, value)));
        }
    }

    [Fact]
    public async Task A_transaction_too_large_to_hold_has_its_tables_read_again()
    {
        var shop = await ShopAsync("orders", "order_id");
        await shop.ExecuteAsync(Many);
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog(), options => options with { CommitBytes = 1_000 });
        await shop.ExecuteAsync("update orders set gross_amount = 7");
        await capture.CatchUpAsync(shop, "finale");
        Assert.Equal(await OrderStates.InTableAsync(shop), OrderStates.InLog(capture));
        Assert.Contains(capture.Statuses, status => status is CdcStatus.Altered { Reason: var reason } && reason.Contains("deferrable", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_that_changed_keys_as_well_is_refused()
    {
        var shop = await ShopAsync("orders", "order_id");
        await shop.ExecuteAsync(Many);
        var log = new MemoryLog();
        await using (await Capture.StartedAsync(shop, log))
        {
        }

        await shop.ExecuteAsync("update orders set order_id = order_id + 1");
        for (var start = 1; start <= 2; start++)
        {
            await using var capture = Capture.Start(shop, log, options => options with { CommitBytes = 1_000 });
            await capture.UntilAsync(() => capture.Source.Status is CdcStatus.Unfit { Reason: var reason } && reason.Contains("became which", StringComparison.Ordinal));
            Assert.Empty(capture.ReadPoints());
        }
    }

    [Fact]
    public async Task A_key_that_becomes_deferrable_while_it_is_followed_is_read_so()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync(Many);
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog());
        await shop.ExecuteAsync("alter table orders drop constraint orders_pkey, add primary key (order_id) deferrable");
        await shop.ExecuteAsync("update orders set order_id = order_id + 1");
        await capture.CatchUpAsync(shop, "finale");
        await capture.UntilAsync(() => capture.Source.Status is CdcStatus.Streaming && capture.Statuses.Any(status => status is CdcStatus.Altered));
        await shop.ExecuteAsync("update orders set order_id = order_id + 1");
        await capture.CatchUpAsync(shop, "later");
        Assert.Equal(await OrderStates.InTableAsync(shop), OrderStates.InLog(capture));
    }

    const string Many =
        "insert into orders (order_id,merchant_id,buyer_country,currency,gross_amount,status) select i,5,'US','USD',i,'COMPLETED' from generate_series(1,100) i";

    async Task<SourceDatabase> ShopAsync(string table, string key)
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync($"""
            alter table promoters drop constraint promoters_parent_id_fkey; alter table {table} replica identity full;
            alter table {table} drop constraint {table}_pkey, add primary key ({key}) deferrable initially deferred
            """);
        return shop;
    }

    /// <summary>A row of another table follows.</summary>
    static async Task UntilReadAsync(SourceDatabase shop, Capture capture, string table)
    {
        var other = table == "merchants" ? "promoters" : "merchants";
        var before = capture.Records(other).Count;
        await shop.ExecuteAsync(other == "promoters"
            ? "insert into promoters select 900000 + count(*), null, '' from promoters"
            : "insert into merchants select 900000 + count(*), '', 'T', 'US' from merchants");
        await capture.UntilAsync(() => capture.Records(other).Count > before);
    }

    static string Sql(string text, string table, string key, string value, string insert) =>
        Regex.Replace(text, "{insert (\\d+), (\\d+)}", row => insert.Replace("{0}", $"{row.Groups[1]},'{row.Groups[2]}'", StringComparison.Ordinal))
            .Replace("{t}", table, StringComparison.Ordinal).Replace("{k}", key, StringComparison.Ordinal).Replace("{v}", value, StringComparison.Ordinal);

    static async Task<string> InTableAsync(SourceDatabase shop, string table, string key, string value) =>
        await shop.ScalarAsync<string>($"select coalesce(string_agg({key}::text || ' ' || {value}::text, ', ' order by {key}), '') from {table}");

    /// <summary>What a reader knows that takes, per key, what is newer than what it has.</summary>
    static string InLog(Capture capture, string table, string key, string value)
    {
        var states = new SortedDictionary<string, (ChangePosition Position, string? State)>(StringComparer.Ordinal);
        var swept = ChangePosition.None;
        foreach (var text in capture.Records(table).Select(record => record.Value).OfType<string>())
        {
            var (op, position) = AnyChange.Read(table, text);
            using var json = JsonDocument.Parse(text);
            if (op == ChangeOp.Sweep)
            {
                swept = position;
                continue;
            }

            var isDelete = op == ChangeOp.Delete;
            var row = json.RootElement.GetProperty(isDelete ? "before" : "after");
            var id = row.GetProperty(key).ToString();
            if (!states.TryGetValue(id, out var known) || position.IsAfter(known.Position))
            {
                states[id] = (position, isDelete ? null : $"{id} {row.GetProperty(value)}");
            }
        }

        return string.Join(", ", states.Values.Where(state => !state.Position.LiesBelow(swept)).Select(state => state.State).OfType<string>());
    }
}
