using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Connectors.Connect;
using StreamSettle.Connectors.Debezium;
using StreamSettle.Connectors.Embedded.Completing;
using StreamSettle.Connectors.Tests.Embedded;
using StreamSettle.Schemas.Merchants;
using StreamSettle.Schemas.Orders;
using StreamSettle.Schemas.Registry;
using Xunit;

namespace StreamSettle.Connect.Tests;

/// <summary>What the real Debezium puts in the place of large values that an update left alone, where the table has not REPLICA IDENTITY FULL, is found out and read from the shop.</summary>
[Collection(ConnectTests.Name)]
public sealed class UnsentTests(SourceServer server, ConnectWorker worker)
{
    [Theory]
    [InlineData(SourceFormat.Json)]
    [InlineData(SourceFormat.Avro)]
    public async Task Values_that_an_update_left_alone_are_the_rows(SourceFormat format)
    {
        await using var registry = format == SourceFormat.Avro ? await RegistryServer.StartAsync(worker.Broker) : null;
        using var schemas = registry?.OpenSchemas();
        await using var shop = await Shop.OpenAsync(server, worker, format, registry);
        await shop.Database.ExecuteAsync("alter table orders replica identity default");
        await shop.Database.ExecuteAsync(LargeValues.Merchant);
        await shop.ApplyAsync(("unavailable.value.placeholder", "not sent"));
        await shop.Database.ExecuteAsync(LargeValues.Order);
        await shop.Database.ExecuteAsync("update orders set refunded_amount = 0.5 where order_id = 7");
        await shop.Database.ExecuteAsync("update merchants set country = 'FR' where merchant_id = 500");
        await Eventually.HoldsAsync(() => shop.Orders().Count == 2 && shop.Merchants().Count == 2, () => $"{shop.Orders().Count} and {shop.Merchants().Count} of 2 records");

        var (inserted, updated) = (shop.Orders()[0].Value!, shop.Orders()[1].Value!);
        using var rows = new SourceRows(shop.Options.Source, TimeProvider.System);
        var orders = new OrderChangeSerde(schemas: schemas, unavailable: "not sent");
        var whole = orders.Read(inserted).Row.Invoice.ToArray();
        var change = orders.Read(updated);
        Assert.Equal((UnsentOrderColumns.Invoice, "0.5000"), (change.Row.Unsent, change.Row.Refunded.ToString()));
        Assert.Equal(whole, rows.AnswerOfOrder(change.Id.Value, change.Position)!.Invoice);

        AssertZone(shop.Merchants()[1].Value!, rows, schemas);
    }

    static void AssertZone(byte[] record, SourceRows rows, IWriterSchemas? schemas)
    {
        var change = new MerchantChangeSerde(schemas: schemas, unavailable: "not sent").Read(record);
        Assert.Equal(UnsentMerchantColumns.TimeZone, change.Row.Unsent);
        Assert.Equal("FR"u8, change.Row.Country);
        Assert.Equal(LargeValues.Zone, System.Text.Encoding.UTF8.GetString(rows.AnswerOfMerchant(change.Id.Value, change.Position)!.TimeZone!));
    }
}
