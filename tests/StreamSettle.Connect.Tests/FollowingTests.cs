using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Connectors.Tests.Embedded;
using StreamSettle.Kernel.Failures;
using Xunit;

namespace StreamSettle.Connect.Tests;

/// <summary>How far Debezium has come is known on an idle shop too, and whatever keeps it closes with the reason.</summary>
[Collection(ConnectTests.Name)]
public sealed class FollowingTests(SourceServer server, ConnectWorker worker)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_stood_in_an_idle_shop_is_told_again_and_again_and_ends_behind_its_changes()
    {
        await using var shop = await Shop.OpenAsync(server, worker);
        await shop.OrderAsync(1);
        await shop.ApplyAsync();
        await using var follower = Follower.Start(shop, worker, shop.Connector + shop.Slot);
        await follower.UntilAsync(status => status is CdcStatus.Streaming);
        await Eventually.HoldsAsync(() => follower.Points(worker).Count >= 5, () => $"{follower.Points(worker).Count} points");

        var (before, at) = (follower.Points(worker), TimeProvider.System.GetTimestamp());
        await shop.OrderAsync(2);
        await Eventually.HoldsAsync(() => follower.Points(worker).Any(point => point.At > at + TimeProvider.System.TimestampFrequency), () => "no point from after the change");

        Assert.All(before, point => Assert.Equal(1, point.Ends.Sum()));
        Assert.All(follower.Points(worker).Where(point => point.At > at + TimeProvider.System.TimestampFrequency), point => Assert.Equal(2, point.Ends.Sum()));
        Assert.All(follower.Points(worker), point => Assert.All(point.WholeEnds.Zip(point.Ends), pair => Assert.True(pair.First <= pair.Second)));
        Assert.DoesNotContain(follower.Statuses, status => status is CdcStatus.Unfit or CdcStatus.Behind or CdcStatus.Disconnected);
    }

    [Fact]
    public async Task A_connector_that_is_missing_or_paused_or_has_lost_its_slot_closes_with_the_reason_and_what_can_be_mended_opens_again()
    {
        await using var shop = await Shop.OpenAsync(server, worker);
        await using var follower = Follower.Start(shop, worker, shop.Connector + shop.Slot);
        await follower.UntilAsync(status => status is CdcStatus.Waiting waiting && waiting.Reason.Contains("connectors apply", StringComparison.Ordinal));
        await shop.ApplyAsync();
        await follower.UntilAsync(status => status is CdcStatus.Streaming);

        await shop.Client.PauseAsync(shop.Connector, Cancel);
        await follower.UntilAsync(status => status is CdcStatus.Unfit unfit && unfit.Reason.Contains("PAUSED", StringComparison.Ordinal));
        Assert.True((await shop.Operations.RestartAsync(shop.Connector, Cancel)).Runs);
        await follower.UntilAsync(status => status is CdcStatus.Streaming);

        await shop.ApplyAsync(("heartbeat.action.query", ""));
        await follower.UntilAsync(status => status is CdcStatus.Unfit unfit && unfit.Reason.Contains("heartbeat.action.query", StringComparison.Ordinal));
        await shop.ApplyAsync();
        await follower.UntilAsync(status => status is CdcStatus.Streaming);

        // Debezium is gone from it before it can say so.
        await shop.Client.DeleteAsync(shop.Connector, Cancel);
        await shop.DropSlotAsync(shop.Slot);
        await follower.UntilAsync(status => status is CdcStatus.Unfit unfit && unfit.Reason.Contains("has no connector", StringComparison.Ordinal));
        Assert.False((await shop.Operations.ApplyAsync(shop.Definition(), Cancel)).Status is null);
        await follower.UntilAsync(status => status is CdcStatus.Unfit unfit && unfit.Reason.Contains("no longer available on the server", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_source_that_was_altered_is_not_followed_on_until_a_person_says_that_nothing_was_left_out()
    {
        await using var shop = await Shop.OpenAsync(server, worker);
        await shop.ApplyAsync();
        string accepted;
        await using (var follower = Follower.Start(shop, worker, shop.Connector + shop.Slot))
        {
            await follower.UntilAsync(status => status is CdcStatus.Streaming);
            await shop.Database.ExecuteAsync("alter publication streamsettle drop table orders; alter publication streamsettle add table orders");
            await follower.UntilAsync(status => status is CdcStatus.Unfit unfit && unfit.Reason.Contains("Source:Accepted=", StringComparison.Ordinal));
            var reason = ((CdcStatus.Unfit)follower.Source.Status).Reason;
            accepted = reason.Split("Source:Accepted=")[1][..8];
        }

        await using (var again = Follower.Start(shop, worker, shop.Connector + shop.Slot))
        {
            var refused = await Assert.ThrowsAsync<UserMistakeException>(() => again.Running.WaitAsync(Eventually.Patience, Cancel));
            Assert.Contains($"Source:Accepted={accepted}", refused.Message, StringComparison.Ordinal);
        }

        await using (var told = Follower.Start(shop, worker, shop.Connector + shop.Slot, options => options with { Connect = options.Connect with { Accepted = accepted } }))
        {
            await told.UntilAsync(status => status is CdcStatus.Streaming);
        }

        await using var later = Follower.Start(shop, worker, shop.Connector + shop.Slot);
        await later.UntilAsync(status => status is CdcStatus.Streaming);
    }

    [Fact]
    public async Task A_table_that_was_truncated_is_not_followed_on_for_only_one_partition_would_hear_of_it()
    {
        await using var shop = await Shop.OpenAsync(server, worker);
        await shop.ApplyAsync();
        await using var follower = Follower.Start(shop, worker, shop.Connector + shop.Slot);
        await follower.UntilAsync(status => status is CdcStatus.Streaming);
        await Eventually.HoldsAsync(() => follower.Points(worker).Count >= 2, () => $"{follower.Points(worker).Count} points");
        await shop.OrderAsync(1);
        await shop.Database.ExecuteAsync("truncate orders");
        await follower.UntilAsync(status => status is CdcStatus.Unfit unfit && unfit.Reason.Contains("truncated", StringComparison.Ordinal) && unfit.Reason.Contains("Source:Accepted=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_gate_of_a_first_start_sees_the_shop_before_anything_is_told()
    {
        await using var shop = await Shop.OpenAsync(server, worker);
        await shop.OrderAsync(7, status: "COMPLETED");
        await shop.ApplyAsync();
        var seen = new List<long>();
        await using var follower = Follower.Start(shop, worker, shop.Connector + shop.Slot, gate: async (reader, stop) =>
        {
            await foreach (var order in reader.CompletedOrdersAsync(stop))
            {
                seen.Add(order.Id.Value);
            }

            throw new UserMistakeException("not ours");
        });

        Assert.Equal("not ours", (await Assert.ThrowsAsync<UserMistakeException>(() => follower.Running.WaitAsync(Eventually.Patience, Cancel))).Message);
        Assert.Equal([7], seen);
        Assert.Empty(follower.Points(worker));
    }
}
