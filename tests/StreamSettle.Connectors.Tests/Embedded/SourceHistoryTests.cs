using System.Text;
using StreamSettle.Connectors.Embedded.Server;
using Xunit;

namespace StreamSettle.Connectors.Tests.Embedded;

/// <summary>A start on a source that has less than was read of it: restored from a backup. <see cref="FollowedHistoryTests"/> has those that are followed meanwhile, or promoted.</summary>
public sealed class SourceHistoryTests
{
    [Theory]
    [InlineData("1\t0/3000060\tno recovery target specified\n2\t0/5000000\tbefore 2026-11-01\n", 1u, 0x3000060UL)]
    [InlineData("# a comment\n\n1\t0/3000060\tx\n2\t1/5000000\ty\n", 2u, 0x105000000UL)]
    [InlineData("1\t0/3000060\tx\n", 2u, null)]
    [InlineData("", 1u, null)]
    public void A_timelines_history_says_how_far_it_followed_another(string history, uint timeline, ulong? switched) =>
        Assert.Equal(switched, Timelines.FollowedUpTo(Encoding.UTF8.GetBytes(history), timeline));

    [Fact]
    public async Task A_start_on_a_restored_source_is_refused()
    {
        await using var source = await RestorableSource.StartAsync();
        await source.ReadAndRestoreAsync();
        await source.RefusedAsync("has read it up to");
    }

    [Theory]
    [InlineData("select")]
    [InlineData("alter table orders alter category type varchar(60)")]
    public async Task It_is_refused_however_far_that_has_come_since_and_although_it_was_altered_and_would_be_read_again(string since)
    {
        await using var source = await RestorableSource.StartAsync();
        await source.ReadAndRestoreAsync();
        await source.GoOnAsync(since);
        await source.RefusedAsync("another history", checkToo: false);
    }

    [Fact]
    public async Task So_it_is_after_a_run_that_was_killed_before_the_first_mark_that_followed_a_second_copy()
    {
        await using var source = await RestorableSource.StartAsync();
        await source.ReadAndRestoreAsync();
        source.Change(offset => offset with { IsCopy = true });
        await source.GoOnAsync();
        await source.RefusedAsync("another history", checkToo: false);
    }

    [Fact]
    public async Task After_a_run_that_was_killed_before_the_first_mark_of_all_the_tables_are_copied_again_whatever_the_source_has_become()
    {
        await using var source = await RestorableSource.StartAsync();
        await source.ReadAndRestoreAsync();
        source.Change(offset => offset with { IsCopy = true, Mark = null });
        await source.GoOnAsync();
        await using var capture = await Capture.StartedAsync(source.Shop, source.Log);
        Assert.Equal(await OrderStates.InTableAsync(source.Shop), OrderStates.InLog(capture));
        Assert.False(source.Offset.IsCopy);
    }

    [Fact]
    public async Task A_copy_that_no_mark_has_followed_is_gone_on_from_when_the_mark_before_it_is_there()
    {
        await using var source = await RestorableSource.StartAsync();
        await source.ReadAsync();
        source.Change(offset => offset with { IsCopy = true });
        await source.SellAsync(1);
        await using var capture = await Capture.StartedAsync(source.Shop, source.Log);
        Assert.Contains("\"op\":\"c\"", Assert.Single(capture.Records("orders")).Value, StringComparison.Ordinal);
        Assert.False(source.Offset.IsCopy);
    }
}
