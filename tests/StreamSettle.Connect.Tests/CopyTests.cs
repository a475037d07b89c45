using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Connectors.Tests.Embedded;
using Xunit;

namespace StreamSettle.Connect.Tests;

/// <summary>Debezium copies the tables a second time. What was deleted before that is told by nobody, so nothing fires until a person has looked.</summary>
[Collection(ConnectTests.Name)]
public sealed class CopyTests(SourceServer server, ConnectWorker worker)
{
    [Fact]
    public async Task A_copy_that_nobody_saw_is_found_at_the_next_start_and_another_needs_another_word()
    {
        await using var shop = await OpenAsync();
        await using (var first = Start(shop))
        {
            await first.UntilAsync(status => status is CdcStatus.Streaming);
        }

        await CopyAnewAsync(shop);
        string accepted;
        await using (var second = Start(shop))
        {
            accepted = await DoubtAsync(second);
            Assert.Empty(second.Points(worker));
        }

        await using (var third = Start(shop, accepted))
        {
            await third.UntilAsync(status => status is CdcStatus.Streaming);
            await CopyAnewAsync(shop);
            Assert.NotEqual(accepted, await DoubtAsync(third));
        }

        // Why all this: nobody ever told that the order is gone.
        Assert.All(shop.Orders(), record => Assert.NotNull(record.Value));
    }

    [Fact]
    public async Task A_copy_that_was_begun_twice_is_found_at_the_first_start()
    {
        await using var shop = await OpenAsync();
        await CopyAnewAsync(shop);
        await using var first = Start(shop);
        await DoubtAsync(first);
        Assert.Empty(first.Points(worker));
    }

    async Task<Shop> OpenAsync()
    {
        var shop = await Shop.OpenAsync(server, worker);
        await shop.MerchantAsync(5);
        await shop.OrderAsync(1);
        await shop.OrderAsync(2);
        await shop.ApplyAsync();
        await Eventually.HoldsAsync(() => shop.Orders().Count == 2, () => $"{shop.Orders().Count} records");
        return shop;
    }

    /// <summary>An order is deleted while Debezium reads nothing, and its deletion is passed over: what a slot still holds Debezium may tell after the copy, so the slot goes past it.</summary>
    static async Task CopyAnewAsync(Shop shop)
    {
        var before = shop.Orders().Count;
        await shop.ForgetOffsetsAsync(async () =>
        {
            await shop.Database.ExecuteAsync("delete from orders where order_id = 1");
            await shop.AdvanceSlotAsync();
        });
        await Eventually.HoldsAsync(() => shop.Orders().Count == before + 1, () => $"{shop.Orders().Count} records after {before}");
    }

    Follower Start(Shop shop, string? accepted = null) =>
        Follower.Start(shop, worker, shop.Connector + shop.Slot, options => options with { Connect = options.Connect with { Accepted = accepted } });

    static async Task<string> DoubtAsync(Follower follower)
    {
        await follower.UntilAsync(status => status is CdcStatus.Unfit unfit && unfit.Reason.Contains("copied the tables anew", StringComparison.Ordinal));
        return ((CdcStatus.Unfit)follower.Source.Status).Reason.Split("Source:Accepted=")[1][..8];
    }
}
