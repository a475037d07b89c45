using StreamSettle.Connectors.Embedded;
using Xunit;

namespace StreamSettle.Connectors.Tests.Embedded;

/// <summary>A source that is put back while it is followed, or promoted without having got everything. Each test stops and starts servers for most of its time, so they run beside <see cref="SourceHistoryTests"/>.</summary>
public sealed class FollowedHistoryTests
{
    [Fact]
    public async Task A_source_that_is_restored_while_it_is_followed_is_not_followed_until_the_right_one_is_back()
    {
        await using var source = await RestorableSource.StartAsync();
        await using var capture = await Capture.StartedAsync(source.Shop, source.Log);
        await source.BackUpAndFollowAsync(capture, "old");
        await source.BackUpAsync("new");

        await source.RestoreAsync("old");
        await capture.UntilAsync(() => capture.Source.Status is CdcStatus.Unfit { Reason: var reason } && reason.Contains("has read it up to", StringComparison.Ordinal));

        await source.RestoreAsync("new");
        await source.SellAsync(2);
        await capture.UntilAsync(() => capture.Records("orders").Count == 2);
        Assert.IsType<CdcStatus.Streaming>(capture.Source.Status);
    }

    [Fact]
    public async Task A_source_that_is_restored_and_altered_while_it_is_followed_is_not_read_again()
    {
        await using var source = await RestorableSource.StartAsync();
        await using var capture = await Capture.StartedAsync(source.Shop, source.Log);
        await source.BackUpAndFollowAsync(capture, "old");
        await source.RestoreAsync("old");
        await source.Shop.ExecuteAsync("alter table orders alter category type varchar(60)");
        await source.WriteMuchAsync();
        await capture.UntilAsync(() => capture.Source.Status is CdcStatus.Unfit { Reason: var reason } && reason.Contains("another history", StringComparison.Ordinal));
        Assert.Single(capture.Records("orders"));
    }

    [Fact]
    public async Task A_promoted_standby_that_had_not_got_everything_is_refused_however_far_it_is_by_now()
    {
        await using var source = await RestorableSource.StartAsync();
        await source.ReadAsync();
        await source.BackUpAsync("old");
        await source.SellAsync(1);
        await source.ReadAsync();
        await source.RestoreAsync("old", promote: true);
        await source.WriteMuchAsync();
        await source.RefusedAsync("the source is on timeline 2");
    }

    [Fact]
    public async Task A_promoted_standby_that_had_got_everything_is_followed_on()
    {
        await using var source = await RestorableSource.StartAsync();
        await source.ReadAsync();
        await source.BackUpAsync("all");
        await source.RestoreAsync("all", promote: true);
        await source.SellAsync(1);
        for (var start = 1; start <= 2; start++)
        {
            await using var capture = await Capture.StartedAsync(source.Shop, source.Log);
            Assert.Single(capture.Records("orders"));
        }
    }
}
