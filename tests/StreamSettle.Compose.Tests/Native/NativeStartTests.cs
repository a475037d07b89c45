using System.Text.Json.Nodes;
using Npgsql;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Sandbox.Downstreams.Effects;
using Xunit;

namespace StreamSettle.Compose.Tests.Native;

/// <summary>What docker-compose.yml says works: the same programs with the same settings, without containers.</summary>
public class NativeStartTests
{
    [Fact]
    public async Task Debezium_runs_by_the_settings_of_the_file_and_an_order_is_settled()
    {
        SharedPrograms.Require();
        await using var stack = await NativeStack.StartAsync();
        Assert.True(stack.BrokerIsHealthy);

        await using (var apply = stack.Run("connectors"))
        {
            Assert.True(await apply.ExitAsync() == 0, apply.Tail);
            Assert.True(apply.HasSaid("task 0 RUNNING"), apply.Tail);
        }

        // The password stands in no topic of Connect's: only where it is found.
        var config = JsonNode.Parse((await stack.AskConnectAsync("/connectors/shop-json/config"))!)!;
        Assert.StartsWith("${directory:", config["database.password"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("streamsettle", config["database.user"]!.GetValue<string>());

        await SellAsync(stack.ShopConnection);
        await Until.TrueAsync(
            async () => (await stack.AskConnectAsync("/connectors/shop-json/topics"))?.Contains("\"shop.public.orders\"", StringComparison.Ordinal) == true,
            "the order comes to its topic", seen: () => "");

        // How far it has come is known at once, and not a minute later.
        await Until.TrueAsync(
            async () => JsonNode.Parse(await stack.AskConnectAsync("/connectors/shop-json/offsets") ?? "{}")?["offsets"]?.AsArray().Count > 0, "the position is told", TimeSpan.FromSeconds(20));

        // A second `docker compose up` changes nothing.
        await using var again = stack.Run("connectors");
        Assert.True(await again.ExitAsync() == 0, again.Tail);
        Assert.True(again.HasSaid("is already as its file wants it"), again.Tail);
        await SettleAsync(stack);
    }

    /// <summary>The profile <c>demo</c>: the systems, the service, and the shop, which starts when the service is healthy.</summary>
    static async Task SettleAsync(NativeStack stack)
    {
        await using var downstreams = stack.Run("downstreams");
        await using var service = stack.Run("streamsettle");
        await service.ReadyAsync(stack.IsHealthyAsync, "the service is healthy");
        await using var shop = stack.Run("shop");
        await service.ReadyAsync(
            async () => (await stack.StatusAsync())?["flow"]!["completed"]!.GetValue<long>() > 0, "an order is settled");
        Assert.NotEmpty(EffectLog.ReadFile(Path.Combine(stack.Places.EffectsFolder, "effects.jsonl")));
    }

    static async Task SellAsync(string connection)
    {
        await using var shop = NpgsqlDataSource.Create(connection);
        await using var order = shop.CreateCommand("insert into orders (order_id, merchant_id, buyer_country, currency, gross_amount, status) values (1, 1, 'DE', 'EUR', 10, 'PAID')");
        await order.ExecuteNonQueryAsync();
    }
}
