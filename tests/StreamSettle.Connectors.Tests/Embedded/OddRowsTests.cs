using System.Text;
using StreamSettle.Connectors.Debezium;
using StreamSettle.Connectors.Embedded.Snapshots;
using StreamSettle.Kernel.Ids;
using StreamSettle.Streams.Serdes;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Connectors.Tests.Embedded;

/// <summary>Rows as no shop should have them, and some shop has: they end neither a first start nor the stream, and those that cannot be read are told apart.</summary>
public sealed class OddRowsTests(SourceServer server)
{
    const string Rows = """
        insert into merchants (merchant_id, name, tier, country, time_zone) values
          (-9223372036854775808, 'first', null, null, null), (9223372036854775807, 'last', 'KA', 'ZZ', 'nowhere'), (0, repeat('m', 100000), '', '', '');
        insert into promoters values (-1, -1, 'own'), (9223372036854775807, null, 'last');
        insert into orders (order_id, merchant_id, promoter_id, carrier_id, buyer_country, category, currency, gross_amount, shipping_amount, refunded_amount, status, completed_at, invoice) values
          (1, 5, null, null, 'US', null, null, 1, 0, 0, 'COMPLETED', '2026-11-01', null),
          (2, null, null, null, 'US', null, 'USD', 1, 0, 0, 'COMPLETED', '2026-11-01', null),
          (3, 5, null, null, null, null, 'USD', 1, 0, 0, 'COMPLETED', '2026-11-01', null),
          (4, 5, null, null, 'US', null, 'USD', null, 0, 0, 'COMPLETED', '2026-11-01', null),
          (5, 5, null, null, 'US', null, 'USD', 1, 0, 0, null, '2026-11-01', null),
          (6, 5, null, null, 'US', null, 'USD', 1, 0, 0, 'COMPLETED', '294276-12-31 23:59:59.999999+00', null),
          (7, 5, null, null, 'US', null, 'USD', 1, 0, 0, 'COMPLETED', 'infinity', null),
          (8, 5, null, null, 'US', null, 'USD', 1, 0, 0, 'COMPLETED', '-infinity', null),
          (9, 5, null, null, 'US', null, 'USD', 1, 0, 0, 'COMPLETED', '4713-01-01 00:00:00+00 BC', null),
          (10, 5, null, null, 'US', null, 'USD', 1, 0, 0, 'COMPLETED', '9999-12-31 23:59:59+00', null),
          (11, 5, null, null, 'US', null, 'USD', 'NaN', 'Infinity', '-Infinity', 'COMPLETED', '0001-01-01 00:00:00+00', null),
          (12, 5, null, null, 'US', null, 'USD', 1, null, null, 'COMPLETED', '2026-11-02', null),
          (15, 5, null, null, 'US', null, 'USD', 1e200, -1e200, 1e-200, 'COMPLETED', '2026-11-02', null),
          (13, 5, null, null, 'US', null, 'USD', 1, 0, 0, 'COMPLETED', null, null),
          (14, 9223372036854775807, -1, -9223372036854775808, '', '', '', 0, -1, -1, 'COMPLETED', '2026-11-03', jsonb_build_object('text', repeat('i', 5000000))),
          (-9223372036854775808, 5, null, null, 'US', null, 'USD', 1, 0, 0, 'COMPLETED', '2026-11-04', null),
          (9223372036854775807, 5, null, null, 'US', null, 'USD', 1, 0, 0, 'COMPLETED', '2026-11-05', null);
        """;

    /// <summary>Orders whose rows lack what no order is without, or were completed when no mark can be.</summary>
    static readonly long[] Unreadable = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12];

    static readonly long[] Readable = [10, 11, 13, 14, 15, long.MinValue, long.MaxValue];

    [Fact]
    public async Task They_do_not_end_the_first_start_and_count_as_far_as_they_can_be_read()
    {
        var shop = await ShopAsync();
        await shop.ExecuteAsync(Rows);
        var (completed, merchants) = (new List<CompletedOrder>(), new List<SnapshotMerchant>());
        await using var capture = Capture.Start(shop, new MemoryLog(), gate: async (snapshot, stop) =>
        {
            await foreach (var order in snapshot.CompletedOrdersAsync(stop))
            {
                completed.Add(order);
            }

            await foreach (var merchant in snapshot.MerchantsAsync(stop))
            {
                merchants.Add(merchant);
            }
        });
        await capture.Source.CaughtUp.WaitAsync(TimeSpan.FromSeconds(60));

        var passed = completed.Where(order => order.CompletedAt is not null).Select(order => order.Id.Value).Order();
        Assert.Equal([long.MinValue, 10, 11, 14, 15, long.MaxValue], passed);
        Assert.Equal([6, 7, 8, 9, 13], completed.Where(order => order.CompletedAt is null).Select(order => order.Id.Value).Order());
        Assert.Contains(new(new(long.MinValue), "STANDARD", "", "UTC"), merchants);
        Assert.Equal(3, merchants.Count);
        AssertRecords(capture);
    }

    [Fact]
    public async Task They_do_not_end_the_stream()
    {
        var shop = await ShopAsync();
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog());
        await shop.ExecuteAsync(Rows);
        await shop.ExecuteAsync("update orders set note = 'touched'; update merchants set name = 'touched'");
        await capture.CatchUpAsync(shop, "odd");

        AssertRecords(capture);
    }

    async Task<SourceDatabase> ShopAsync()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync("""
            alter table orders alter merchant_id drop not null, alter buyer_country drop not null, alter currency drop not null, alter gross_amount drop not null,
              alter shipping_amount drop not null, alter refunded_amount drop not null, alter status drop not null,
              alter gross_amount type numeric, alter shipping_amount type numeric, alter refunded_amount type numeric;
            alter table merchants alter tier drop not null, alter country drop not null, alter time_zone drop not null;
            """);
        return shop;
    }

    static void AssertRecords(Capture capture)
    {
        var (serde, keys) = (new OrderChangeSerde(), new OrderKeySerde());
        var (readable, unreadable) = (new HashSet<long>(), new HashSet<long>());
        foreach (var record in capture.Records("orders"))
        {
            var id = keys.Read(Encoding.UTF8.GetBytes(record.Key!)).Value;
            try
            {
                Assert.Equal(new OrderId(id), serde.Read(Encoding.UTF8.GetBytes(record.Value!)).Id);
                readable.Add(id);
            }
            catch (SerdeException)
            {
                unreadable.Add(id);
            }
        }

        Assert.Equal(Unreadable.Order(), unreadable.Order());
        Assert.Equal(Readable.Order(), readable.Order());
        var (merchants, promoters) = (new MerchantChangeSerde(), new PromoterChangeSerde());
        Assert.All(capture.Records("merchants"), record => merchants.Read(Encoding.UTF8.GetBytes(record.Value!)));
        Assert.All(capture.Records("promoters"), record => promoters.Read(Encoding.UTF8.GetBytes(record.Value!)));
    }
}
