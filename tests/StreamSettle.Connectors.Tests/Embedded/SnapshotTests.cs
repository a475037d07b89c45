using System.Text.Json;
using StreamSettle.Connectors.Embedded.Snapshots;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Connectors.Tests.Embedded;

public sealed class SnapshotTests(SourceServer server)
{
    const string Rows = """
        insert into merchants values (501,'Acme','KA','US','America/New_York'), (502,E'tab\there\\and\nline','STANDARD','DE','UTC');
        insert into promoters values (9001,null,'Ann');
        insert into orders (order_id,merchant_id,buyer_country,currency,gross_amount,status,completed_at,invoice,note) values
          (1,501,'US','USD',120,'COMPLETED','2026-11-01T00:00:00.25Z','{"title": "Acme \"LLC\""}',null),
          (2,502,'DE','EUR',59.99,'COMPLETED','infinity',null,'x'), (3,501,'JP','JPY',12000,'SHIPPED',null,null,'日本語');
        """;

    [Fact]
    public async Task Rows_that_are_there_come_first_as_reads_at_one_position_with_debeziums_labels()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync(Rows);
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog());

        var merchants = capture.Records("merchants").Select(Parse).ToList();
        var promoters = capture.Records("promoters").Select(Parse).ToList();
        var orders = capture.Records("orders").Select(Parse).ToList();
        Assert.Equal(["first", "last_in_data_collection"], merchants.OrderBy(m => Key(m, "merchant_id")).Select(Label));
        Assert.Equal(["first_in_data_collection"], promoters.Select(Label));
        Assert.Equal(["first_in_data_collection", "true", "last"], orders.OrderBy(o => Key(o, "order_id")).Select(Label));
        Assert.Single(merchants.Concat(promoters).Concat(orders).Select(record => record.GetProperty("source").GetProperty("lsn").GetInt64()).Distinct());
        Assert.All(orders, order => Assert.Equal("r", order.GetProperty("op").GetString()));
        Assert.Contains(merchants, m => m.GetProperty("after").GetProperty("name").GetString() == "tab\there\\and\nline");
        Assert.Contains(orders, o => o.GetProperty("after").GetProperty("note").GetString() == "日本語" && o.GetProperty("after").GetProperty("gross_amount").GetString() == "12000.0000");
        Assert.Contains(orders, o => o.GetProperty("after").GetProperty("completed_at").GetString() == "2026-11-01T00:00:00.250000Z");
        Assert.Equal(3, capture.Records("orders").Select(record => record.Key).Intersect(["{\"order_id\":1}", "{\"order_id\":2}", "{\"order_id\":3}"]).Count());
    }

    [Fact]
    public async Task The_end_offsets_of_what_was_there_are_told_when_it_is_read()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync(Rows);
        await using var capture = Capture.Start(shop, new MemoryLog());

        var ends = await capture.Source.CaughtUp.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(12, ends.Count);
        Assert.Equal(3, ends.Where(end => end.Key.Topic == "shop.public.orders").Sum(end => end.Value));
        Assert.Equal(6, ends.Values.Sum());
    }

    [Fact]
    public async Task The_gate_sees_completed_orders_and_merchants_before_anything_is_appended()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync(Rows);
        var log = new MemoryLog();
        var (orders, merchants, appended) = (new List<CompletedOrder>(), new List<SnapshotMerchant>(), -1L);
        await using var capture = Capture.Start(shop, log, gate: async (snapshot, stop) =>
        {
            // What commits now is not in the snapshot.
            await shop.ExecuteAsync("update orders set status = 'COMPLETED', completed_at = now() where order_id = 3");
            await foreach (var order in snapshot.CompletedOrdersAsync(stop))
            {
                orders.Add(order);
            }

            await foreach (var merchant in snapshot.MerchantsAsync(stop))
            {
                merchants.Add(merchant);
            }

            appended = LogRecord.All(log, "shop.public.orders", 4).Count;
        });
        await capture.Source.CaughtUp.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(0, appended);
        Assert.Equal(
            [new(new(1), new(501), UtcInstant.Parse("2026-11-01T00:00:00.25Z"), "US", null, "USD"), new(new(2), new(502), null, "DE", null, "EUR")],
            orders.OrderBy(order => order.Id));
        Assert.Contains(new SnapshotMerchant(new MerchantId(501), "KA", "US", "America/New_York"), merchants);
        Assert.Equal(4, capture.Records("orders").Count);
    }

    [Fact]
    public async Task A_start_that_the_gate_refuses_leaves_no_slot_and_no_record()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync(Rows);
        var log = new MemoryLog();
        await using (var refused = Capture.Start(shop, log, gate: (_, _) => throw new UserMistakeException("2 completed orders, set Source:CompletedSince")))
        {
            var mistake = await refused.FailedAsync<UserMistakeException>();
            Assert.Contains("CompletedSince", mistake.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<UserMistakeException>(() => refused.Source.CaughtUp);
            Assert.Empty(refused.Records("orders"));
        }

        Assert.Equal(0L, await shop.ScalarAsync<long>("select count(*) from pg_replication_slots where database = current_database()"));
        await using var second = await Capture.StartedAsync(shop, log);
        Assert.Equal(3, second.Records("orders").Count);
    }

    [Fact]
    public async Task A_snapshot_that_was_cut_off_is_begun_anew()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync(Rows);
        var log = new MemoryLog();
        var commits = 0;
        log.BeforeCommit = _ => { if (++commits == 3) { throw new InvalidOperationException("power cut"); } };
        await using (var cut = Capture.Start(shop, log, options => options with { CommitBytes = 1 }))
        {
            await cut.FailedAsync<InvalidOperationException>();
        }

        log.BeforeCommit = null;
        await using var second = await Capture.StartedAsync(shop, log);
        Assert.Equal(3, second.Records("orders").Select(record => record.Key).OfType<string>().Distinct().Count());
        Assert.Equal(1L, await shop.ScalarAsync<long>("select count(*) from pg_replication_slots where database = current_database()"));
    }

    [Fact]
    public async Task A_large_snapshot_goes_to_the_log_in_bounded_commits()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync("insert into orders (order_id,merchant_id,buyer_country,currency,gross_amount,status,note) select i,1,'US','USD',1,'PAID',repeat('n', i % 300) from generate_series(1,5000) i");
        var log = new MemoryLog();
        await using var capture = await Capture.StartedAsync(shop, log, options => options with { CommitBytes = 100_000 });

        Assert.InRange(log.Commits, 20, 200);
        Assert.Equal(5000, capture.Records("orders").Select(record => record.Key).Distinct().Count());
        Assert.Equal(5000, capture.Records("orders").Count);
    }

    static JsonElement Parse(LogRecord record) => JsonDocument.Parse(record.Value!).RootElement;

    static string? Label(JsonElement record) => record.GetProperty("source").GetProperty("snapshot").GetString();

    static long Key(JsonElement record, string column) => record.GetProperty("after").GetProperty(column).GetInt64();
}
