using System.Globalization;
using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Connectors.Debezium;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Connectors.Tests.Embedded;
using StreamSettle.Schemas.Changes;
using Xunit;

namespace StreamSettle.Connect.Tests;

/// <summary>Kafka Connect ends as by a power cut.</summary>
[Collection(ConnectTests.Name)]
public sealed class KillTests(SourceServer server, ConnectWorker worker, ITestOutputHelper output)
{
    const int Orders = 10;
    const int MostKills = 4;

    [Fact]
    [Trait("Category", "Soak")]
    public async Task What_comes_twice_and_in_older_states_after_kill_9_changes_nothing_and_firing_waits_and_goes_on()
    {
        await using var shop = await Shop.OpenAsync(server, worker);
        for (var id = 1; id <= Orders; id++)
        {
            await shop.OrderAsync(id);
        }

        await shop.ApplyAsync();
        await using var follower = Follower.Start(shop, worker, shop.Connector + shop.Slot);
        await follower.UntilAsync(status => status is CdcStatus.Streaming);
        using var enough = new CancellationTokenSource();
        var writing = WriteAsync(shop, enough.Token);
        for (var kill = 0; kill < MostKills && Fold(shop).Stale == 0; kill++)
        {
            await Eventually.HoldsAsync(() => writing.IsFaulted || Fold(shop).Records > (kill + 1) * 400, () => $"{Fold(shop).Records} records");
            await worker.KillAsync();
            await follower.UntilAsync(status => status is CdcStatus.Disconnected gone && gone.Reason.Contains("cannot be reached", StringComparison.Ordinal));
            (await worker.ClientAsync()).Dispose();
            await follower.UntilAsync(status => status is CdcStatus.Streaming);
        }

        await enough.CancelAsync();
        await writing;
        var expected = await shop.Database.ScalarAsync<string>("select string_agg(order_id || '=' || refunded_amount, ' ' order by order_id) from orders");
        await Eventually.HoldsAsync(() => Fold(shop).State == expected, () => $"{Fold(shop).State}\nexpected\n{expected}");
        var (records, stale, _) = Fold(shop);
        output.WriteLine($"{records} records, {stale} of them stale");
        Assert.True(stale > 0, "nothing came twice: the kills proved nothing");
    }

    [Fact]
    [Trait("Category", "Soak")]
    public async Task A_second_worker_takes_the_connector_over_when_the_first_is_killed()
    {
        await using var shop = await Shop.OpenAsync(server, worker);
        await using var second = new ConnectWorker(worker.Broker);
        (await second.ClientAsync()).Dispose();
        await shop.OrderAsync(1);
        await shop.ApplyAsync();

        // Either may have been given it.
        var hasIt = (await shop.Operations.StatusAsync(shop.Connector, TestContext.Current.CancellationToken)).Tasks[0].Worker;
        var (first, survivor) = hasIt == worker.Url.Authority ? (worker, second) : (second, worker);
        Assert.Equal(first.Url.Authority, hasIt);
        using var client = await survivor.ClientAsync();
        await using var follower = Follower.Start(shop, worker, shop.Connector + shop.Slot, client: client);
        await follower.UntilAsync(status => status is CdcStatus.Streaming);
        await first.KillAsync();
        await shop.OrderAsync(2);

        await Eventually.HoldsAsync(() => Fold(shop).State == "1=0.0000 2=0.0000", () => $"{Fold(shop).State}: the second order does not come");
        await Eventually.HoldsAsync(
            async () => await client.StatusAsync(shop.Connector, TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken) is { Runs: true } now && now.Tasks[0].Worker == survivor.Url.Authority,
            () => "the survivor does not say that it runs there");
        await follower.UntilAsync(status => status is CdcStatus.Streaming);

        // For whoever comes next, and to take the connector away by.
        (await worker.ClientAsync()).Dispose();
    }

    /// <summary>Each amount is higher than the one before, so that an older state shows.</summary>
    static async Task WriteAsync(Shop shop, CancellationToken enough)
    {
        await using var connection = await shop.Database.OpenAsync();
        await using var update = new Npgsql.NpgsqlCommand("update orders set refunded_amount = refunded_amount + 0.0001 where order_id = $1", connection) { Parameters = { new() { Value = 0L } } };
        for (var i = 0L; !enough.IsCancellationRequested; i++)
        {
            update.Parameters[0].Value = 1 + i % Orders;
            await update.ExecuteNonQueryAsync(CancellationToken.None);
            await Eventually.ShortPauseAsync();
        }
    }

    /// <summary>What is known of the orders by the rule of positions, as every reader of ours applies it.</summary>
    static (int Records, int Stale, string State) Fold(Shop shop)
    {
        var serde = new OrderChangeSerde();
        var (known, applied, stale, count) = (new SortedDictionary<long, string>(), new Dictionary<long, ChangePosition>(), 0, 0);
        foreach (var record in shop.Orders())
        {
            count++;
            var change = serde.Read(record.Value);
            var before = applied.GetValueOrDefault(change.Id.Value);
            if (!change.Position.IsAfter(before))
            {
                stale++;
                continue;
            }

            applied[change.Id.Value] = change.Position.Over(before);
            known[change.Id.Value] = change.Row.Refunded.ToString();
        }

        return (count, stale, string.Join(' ', known.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}={pair.Value}"))));
    }
}
