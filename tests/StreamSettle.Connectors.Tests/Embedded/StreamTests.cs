using System.Text;
using System.Text.Json;
using StreamSettle.Connectors.Debezium;
using StreamSettle.Connectors.Tests.Debezium;
using StreamSettle.Kernel.Ids;
using StreamSettle.Schemas.Changes;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Testing;
using StreamSettle.Streams.Topologies;
using Xunit;

namespace StreamSettle.Connectors.Tests.Embedded;

public sealed class StreamTests(SourceServer server)
{
    const string Insert = "insert into orders (order_id,merchant_id,buyer_country,currency,gross_amount,status,invoice) values ";

    [Fact]
    public async Task Inserts_updates_deletes_and_key_changes_follow_debeziums_rules()
    {
        var shop = await server.NewShopAsync();
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog());
        await shop.ExecuteAsync(Insert + "(1,5,'US','USD',10,'PAID',null)");
        await shop.ExecuteAsync("update orders set gross_amount = 11.5 where order_id = 1");
        await shop.ExecuteAsync("update orders set order_id = 2 where order_id = 1");
        await shop.ExecuteAsync("delete from orders where order_id = 2");
        await capture.CatchUpAsync(shop, "rules");

        var old = capture.Records("orders").Where(record => record.Key == "{\"order_id\":1}").ToList();
        Assert.Equal(["c", "u", "d", null], old.Select(Op));
        Assert.Equal("10.0000", Parse(old[1]).GetProperty("before").GetProperty("gross_amount").GetString());
        Assert.Equal("11.5000", Parse(old[1]).GetProperty("after").GetProperty("gross_amount").GetString());
        Assert.Equal("11.5000", Parse(old[2]).GetProperty("before").GetProperty("gross_amount").GetString());
        Assert.All(old[2..], record => Assert.True(KeyChange.TryNewKey(new Headers(record.Headers), new(), out var key) && key == new OrderId(2)));

        var moved = capture.Records("orders").Where(record => record.Key == "{\"order_id\":2}").ToList();
        Assert.Equal(["c", "d", null], moved.Select(Op));
        Assert.True(KeyChange.TryOldKey(new Headers(moved[0].Headers), new(), out var before) && before == new OrderId(1));
        Assert.Empty(moved[1].Headers);
        Assert.All(capture.Records("orders"), record => Assert.Equal(Murmur2.Partition(Encoding.UTF8.GetBytes(record.Key!), 4), record.Partition));
    }

    [Fact]
    public async Task A_rolled_back_transaction_leaves_nothing()
    {
        var shop = await server.NewShopAsync();
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog());
        await shop.ExecuteAsync($"begin; {Insert} (1,5,'US','USD',10,'PAID',null); rollback;");
        await shop.ExecuteAsync(Insert + "(2,5,'US','USD',10,'PAID',null)");
        await capture.CatchUpAsync(shop, "nothing");

        Assert.Equal("{\"order_id\":2}", Assert.Single(capture.Records("orders")).Key);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(1)]
    public async Task Of_merchants_a_transaction_writes_what_it_ends_with_and_only_a_huge_one_what_was_in_between(int commitBytes)
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync("insert into merchants select i, 'M', 'OLD', 'US' from generate_series(1, 5) i");
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog(), options => options with { CommitBytes = commitBytes });
        await shop.ExecuteAsync($"""
            begin; update merchants set tier = 'BETWEEN' where merchant_id in (1, 4); delete from merchants where merchant_id in (2, 5);
            {Insert} (1,5,'US','USD',10,'PAID',to_jsonb(repeat('x', 9000))); {Insert} (2,5,'US','USD',10,'PAID',to_jsonb(repeat('x', 9000)));
            insert into merchants values (2, 'M', 'LAST', 'US'); update merchants set merchant_id = 6 where merchant_id = 3;
            update merchants set tier = 'LAST' where merchant_id in (1, 6); delete from merchants where merchant_id = 4; commit;
            """);
        await capture.CatchUpAsync(shop, "whole");

        var news = capture.Records("merchants").Where(record => record.Value is { } value && !value.Contains("whole", StringComparison.Ordinal)).ToList();
        var last = news.GroupBy(record => record.Key!).ToDictionary(records => records.Key, records => records.MaxBy(record => record.Offset)!);
        Assert.Equal(
            ["1 LAST", "2 LAST", "3 d", "4 d", "5 d", "6 LAST"],
            last.OrderBy(record => record.Key, StringComparer.Ordinal).Select(record => $"{record.Key[^2]} {(Op(record.Value) == "d" ? "d" : record.Value.Value!.Contains("LAST", StringComparison.Ordinal) ? "LAST" : "?")}"));
        Assert.Equal(commitBytes == 1, news.Any(record => record.Value!.Contains("BETWEEN", StringComparison.Ordinal) && Op(record) == "u"));
        Assert.Equal(commitBytes == 1 ? 15 : 11, news.Count);
    }

    [Fact]
    public async Task A_truncate_sweeps_what_was_before_it_in_every_partition()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync(Insert + "(1,5,'US','USD',10,'PAID',null), (2,5,'US','USD',10,'PAID',null)");
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog(), options => options with { CommitBytes = 1 });
        await shop.ExecuteAsync("insert into promoters values (9, null, 'Ann')");
        await shop.ExecuteAsync($"begin; {Insert} (3,5,'US','USD',10,'PAID',null); truncate orders, promoters; {Insert} (4,5,'US','USD',10,'PAID',null); commit;");
        await capture.CatchUpAsync(shop, "truncated");

        foreach (var table in new[] { "orders", "promoters" })
        {
            var sweeps = capture.Records(table).Where(record => record.Key is null).ToList();
            Assert.All(sweeps, record => Assert.Equal("t", Op(record)));
            Assert.Equal([0, 1, 2, 3], sweeps.Select(record => record.Partition));
        }

        Assert.Equal(5, capture.Records("orders").Count(record => record.Key is not null) + capture.Records("promoters").Count(record => record.Key is not null));
        Assert.Equal(["4 10.0000 0.0000 Paid"], OrderStates.InLog(capture));
    }

    [Fact]
    public async Task Merchants_that_one_transaction_empties_and_fills_again_are_written_before_what_sweeps_the_others()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync("insert into merchants select i, 'M', 'OLD', 'US' from generate_series(1, 20) i");
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog());
        await shop.ExecuteAsync("begin; truncate merchants; insert into merchants select i, 'M', 'NEW', 'US' from generate_series(1, 15) i; commit");
        await capture.CatchUpAsync(shop, "filled");

        var records = capture.Records("merchants").ToList();
        var news = records.Where(record => record.Value?.Contains("NEW", StringComparison.Ordinal) == true).ToList();
        var sweeps = records.Where(record => record.Key is null).ToList();
        Assert.Equal((15, 4), (news.Count, sweeps.Count));
        Assert.All(news, record => Assert.True(record.Offset < sweeps.Single(sweep => sweep.Partition == record.Partition).Offset));
    }

    [Fact]
    public async Task Large_values_are_not_written_twice_and_large_ones_that_nobody_reads_not_at_all()
    {
        var shop = await server.NewShopAsync();
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog());
        const string note = "repeat('n', 700000)";
        const string invoice = "jsonb_build_object('text', repeat('i', 900000))";
        await shop.ExecuteAsync("insert into orders (order_id,merchant_id,buyer_country,currency,gross_amount,status,note,invoice) " + $"values (1,5,'US','USD',1,'PAID',{note},{invoice})");
        await shop.ExecuteAsync("update orders set status = 'CANCELLED', note = note || repeat('n', 2000000)");
        await capture.CatchUpAsync(shop, "large");

        var (created, updated) = (capture.Records("orders")[0], capture.Records("orders")[1]);
        Assert.InRange(created.Value!.Length, 1_600_000, 1_700_000);
        Assert.InRange(updated.Value!.Length, 900_000, 910_000);
        Assert.Equal("__debezium_unavailable_value", Parse(updated).GetProperty("after").GetProperty("note").GetString());
        Assert.False(Parse(updated).GetProperty("before").TryGetProperty("note", out _));
        Assert.Equal(["1 1.0000 0.0000 Cancelled"], OrderStates.InLog(capture));
    }

    [Fact]
    public async Task A_large_value_that_an_update_did_not_touch_is_taken_from_the_row_before()
    {
        var shop = await server.NewShopAsync();
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog());
        const string large = "(select jsonb_build_object('text', string_agg(md5(i::text), '')) from generate_series(1,700) i)";
        await shop.ExecuteAsync(Insert + $"(1,5,'US','USD',10,'PAID',{large})");
        await shop.ExecuteAsync("update orders set status = 'SHIPPED' where order_id = 1");
        await shop.ExecuteAsync("update orders set order_id = 7 where order_id = 1");
        await capture.CatchUpAsync(shop, "large");

        var invoices = capture.Records("orders").Where(record => record.Value is not null && Op(record) != "d")
            .Select(record => Parse(record).GetProperty("after").GetProperty("invoice").GetString()!).ToList();
        Assert.Equal(3, invoices.Count);
        Assert.Single(invoices.Distinct());
        Assert.True(invoices[0].Length > 20_000);
    }

    [Fact]
    public async Task Tables_with_default_identity_have_no_row_before_an_update_and_only_the_key_in_a_delete()
    {
        var shop = await server.NewShopAsync();
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog());
        await shop.ExecuteAsync("insert into merchants values (5,'Five','KA','US','UTC')");
        await shop.ExecuteAsync("update merchants set tier = 'STANDARD' where merchant_id = 5");
        await shop.ExecuteAsync("update merchants set merchant_id = 6 where merchant_id = 5");
        await shop.ExecuteAsync("delete from merchants where merchant_id = 6");
        await capture.CatchUpAsync(shop, "identity");

        var five = capture.Records("merchants").Where(record => record.Key == "{\"merchant_id\":5}").ToList();
        Assert.Equal(["c", "u", "d", null], five.Select(Op));
        Assert.Equal(JsonValueKind.Null, Parse(five[1]).GetProperty("before").ValueKind);
        var six = capture.Records("merchants").Where(record => record.Key == "{\"merchant_id\":6}").ToList();
        Assert.Equal(["c", "d", null], six.Select(Op));
        var gone = new MerchantChangeSerde().Read(Encoding.UTF8.GetBytes(six[1].Value!));
        Assert.Equal((ChangeOp.Delete, new MerchantId(6)), (gone.Op, gone.Id));
    }

    [Fact]
    public async Task A_column_added_in_mid_stream_comes_along()
    {
        var shop = await server.NewShopAsync();
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog());
        await shop.ExecuteAsync(Insert + "(1,5,'US','USD',10,'PAID',null)");
        await shop.ExecuteAsync("alter table orders add column weight numeric(10,3) default 1.5");
        await shop.ExecuteAsync("update orders set status = 'SHIPPED'");
        await capture.CatchUpAsync(shop, "column");

        Assert.Equal("1.500", Parse(capture.Records("orders")[1]).GetProperty("after").GetProperty("weight").GetString());
    }

    [Fact]
    public async Task A_transaction_larger_than_a_commit_is_split_and_whole_in_the_end()
    {
        var shop = await server.NewShopAsync();
        var log = new MemoryLog();
        await using var capture = await Capture.StartedAsync(shop, log, options => options with { CommitBytes = 10_000 });
        await shop.ExecuteAsync("insert into orders (order_id,merchant_id,buyer_country,currency,gross_amount,status) select i,1,'US','USD',1,'PAID' from generate_series(1,2000) i");
        await capture.CatchUpAsync(shop, "split");

        Assert.True(log.Commits > 20, $"{log.Commits} commits");
        Assert.Equal(2000, capture.Records("orders").Select(record => record.Key).Distinct().Count());
        Assert.Equal(2000, capture.Records("orders").Count);
    }

    [Fact]
    public async Task Debeziums_own_script_gives_the_changes_that_debezium_gave()
    {
        var shop = await server.NewDatabaseAsync();
        await shop.ExecuteAsync(await File.ReadAllTextAsync(Golden.PathOf("schema.sql")));
        await shop.ExecuteAsync("create table merchants (merchant_id bigint primary key); create table promoters (promoter_id bigint primary key, parent_id bigint); create table done (id int)");
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog());
        await foreach (var line in File.ReadLinesAsync(Golden.PathOf("changes.sql")))
        {
            await shop.ExecuteAsync(line);
        }

        await shop.ExecuteAsync("insert into merchants values (1)");
        await capture.UntilAsync(() => capture.Records("merchants").Count == 1);

        // Order holds per key: the captured topic had one partition, ours has four.
        var ours = capture.Records("orders").GroupBy(record => record.Key!).ToDictionary(group => group.Key, group => Decoded(group.Select(record => record.Value)));
        var theirs = Golden.Orders("plain.jsonl").GroupBy(record => Encoding.UTF8.GetString(record.Key!))
            .ToDictionary(group => group.Key, group => Decoded(group.Select(record => record.Value is null ? null : Encoding.UTF8.GetString(record.Value))));
        Assert.Equal(theirs.Keys.Order(), ours.Keys.Order());
        foreach (var (key, changes) in theirs)
        {
            Assert.Equal(changes, ours[key]);
        }
    }

    static List<string> Decoded(IEnumerable<string?> values)
    {
        var serde = new OrderChangeSerde();
        return [.. values.Select(value => value is null ? "tombstone" : OrderText.WithoutPosition(serde.Read(Encoding.UTF8.GetBytes(value))))];
    }

    static JsonElement Parse(LogRecord record) => JsonDocument.Parse(record.Value!).RootElement;

    static string? Op(LogRecord record) => record.Value is null ? null : Parse(record).GetProperty("op").GetString();
}
