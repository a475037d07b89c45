using System.Net;
using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Integration.Tests.Scanning;

/// <summary><c>scan</c> against the running service.</summary>
public class ScanCommandTests(TestPostgres postgres)
{
    [Fact]
    public async Task What_changed_while_the_publication_lacked_the_table_counts_and_a_scan_beside_the_capture_doubles_nothing()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(3));
        world.Silence = TimeSpan.FromSeconds(2);
        ApiKeys.Use(world);
        await using var service = world.Run();
        await service.ReadyAsync();
        world.Settings["Urls"] = service.Url!.ToString();
        ApiKeys.Give(world, ApiKeys.Operator);
        await world.ExecuteAsync("insert into merchants values (5, 'Five', 'STANDARD', 'DE', 'UTC'); alter publication streamsettle drop table orders;");
        await world.ExecuteAsync("insert into orders (order_id, merchant_id, buyer_country, currency, gross_amount, status, completed_at) select i, 5, 'DE', 'EUR', 100, 'COMPLETED', now() from generate_series(1, 40) i");
        await Until.TrueAsync(async () => (await service.AskAsync("/health/ready")) is (HttpStatusCode.ServiceUnavailable, var text) && text.Contains("publication", StringComparison.Ordinal), "it says what is missing", seen: () => service.Tail);
        await world.ExecuteAsync("update orders set status = 'CANCELLED' where order_id = 7");
        await world.ExecuteAsync("alter publication streamsettle add table orders");
        await service.ReadyAsync();

        var (code, output, errors) = await world.CommandAsync("scan");
        Assert.True(code == 0 && output.Contains("done", StringComparison.Ordinal) && output.Contains("40 rows", StringComparison.Ordinal), output + errors);
        await Until.TrueAsync(async () => await world.QueryAsync<long>("select count(*) from settlement.mt_events where type = 'settlement_completed'") == 39, "all but one are settled", seen: () => service.Tail);
        Assert.Contains("done", (await world.CommandAsync("scan", "--status")).Output, StringComparison.Ordinal);
        var (stopped, _, why) = await world.CommandAsync("scan", "--stop");
        Assert.True(stopped == 1 && why.Contains("No scan runs", StringComparison.Ordinal), why);
        service.Terminate();
        Assert.Equal(0, await service.ExitAsync());
        await world.SoundAsync();
    }
}
