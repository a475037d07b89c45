using Microsoft.Extensions.Logging.Abstractions;
using StreamSettle.App.Holds;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Holds;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using Xunit;

namespace StreamSettle.Integration.Tests.Holding;

/// <summary>What people hold is kept in the event log as it comes and goes, and nothing that was kept gets lost by a state that knows less.</summary>
public class HoldKeeperTests
{
    static readonly CancellationToken Never = CancellationToken.None;

    readonly UtcInstant now = UtcInstant.Now(TimeProvider.System);
    readonly HoldBook book = new();
    string? kept;
    int writes;
    bool isAway;
    bool isMigrated = true;

    HoldKeeper Keeper(bool withReasons = true) => new(book, WriteAsync, _ => Task.FromResult(kept), withReasons, TimeProvider.System, NullLogger.Instance);

    Task<bool> WriteAsync(string text, CancellationToken stop)
    {
        if (isAway)
        {
            throw new EnvironmentFailedException("the event log is away");
        }

        (kept, writes) = (isMigrated ? text : kept, writes + 1);
        return Task.FromResult(isMigrated);
    }

    Hold On(HoldScope scope, string id) => new(id, scope, "looked into", "ann", now, now + TimeSpan.FromDays(7));

    [Fact]
    public async Task What_is_held_and_released_is_kept_as_it_is()
    {
        var (keeper, first, second) = (Keeper(), On(HoldScope.Of(new MerchantId(7)), "h-1"), On(HoldScope.Everything, "h-2") with { Until = null });
        book.Take(second);
        book.Take(first);
        await keeper.KeepAsync(Never);
        Assert.Equal([first, second], KeptHold.Read(kept!));

        var released = first with { Release = new("bob", "r-9", "all is well", now) };
        book.Take(released);
        await keeper.KeepAsync(Never);
        Assert.Equal([released, second], KeptHold.Read(kept!));
        Assert.StartsWith("""[{"id":"h-1","scope":"merchant:7","by":"ann","since":""", kept, StringComparison.Ordinal);

        await keeper.KeepAsync(Never);
        Assert.Equal(2, writes);
    }

    [Fact]
    public async Task Where_nobody_ever_held_anything_nothing_is_written()
    {
        await Keeper().KeepAsync(Never);
        Assert.Equal(0, writes);
    }

    [Fact]
    public async Task What_was_kept_and_is_not_known_to_this_state_stays_until_it_is_over_for_long()
    {
        var (gone, old) = (On(HoldScope.Of(new OrderId(42)), "h-1"), On(HoldScope.Everything, "h-0") with { Since = now - TimeSpan.FromDays(60), Until = now - TimeSpan.FromDays(31) });
        kept = KeptHold.Write([gone, old], withReasons: true);
        var here = On(HoldScope.Everything, "h-2");
        book.Take(here);
        await Keeper().KeepAsync(Never);
        Assert.Equal([gone, here], KeptHold.Read(kept));
    }

    [Fact]
    public async Task What_an_event_log_that_was_away_has_not_got_it_gets_when_it_is_back()
    {
        var keeper = Keeper();
        book.Take(On(HoldScope.Everything, "h-1"));
        isAway = true;
        await Assert.ThrowsAsync<EnvironmentFailedException>(() => keeper.KeepAsync(Never));
        isAway = false;
        await keeper.KeepAsync(Never);
        Assert.Single(KeptHold.Read(kept!));
    }

    [Fact]
    public async Task What_is_kept_and_cannot_be_read_is_told_each_time_and_never_written_over()
    {
        var (keeper, unread) = (Keeper(), """[{"id":"h-1","scope":"planet:7","by":"ann"}]""");
        kept = unread;
        book.Take(On(HoldScope.Everything, "h-2"));
        await Assert.ThrowsAsync<CorruptStateException>(() => keeper.KeepAsync(Never));
        await Assert.ThrowsAsync<CorruptStateException>(() => keeper.KeepAsync(Never));
        Assert.Equal((unread, 0), (kept, writes));
    }

    [Fact]
    public async Task Tables_of_an_earlier_release_are_told_of()
    {
        isMigrated = false;
        book.Take(On(HoldScope.Everything, "h-1"));
        Assert.Contains("no column holds", (await Assert.ThrowsAsync<UserMistakeException>(() => Keeper().KeepAsync(Never))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_of_people_are_not_kept_where_personal_data_is_encrypted()
    {
        book.Take(On(HoldScope.Everything, "h-1") with { Release = new("bob", "r-9", "all is well", now) });
        await Keeper(withReasons: false).KeepAsync(Never);
        Assert.DoesNotContain("looked into", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("all is well", kept, StringComparison.Ordinal);
        Assert.Contains("personal data is encrypted", Assert.Single(KeptHold.Read(kept!)).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("null")]
    [InlineData("[null]")]
    [InlineData("""[{"id":"h-1"}]""")]
    [InlineData("""[{"id":"h-1","scope":"planet:7","by":"ann","since":"2026-11-01T00:00:00Z"}]""")]
    [InlineData("""[{"id":"h-1","scope":"everything","by":"ann","since":"yesterday"}]""")]
    public void What_is_no_list_of_ours_is_named(string text) =>
        Assert.Contains("column holds of streamsettle_logs", Assert.Throws<CorruptStateException>(() => KeptHold.Read(text)).Message, StringComparison.Ordinal);
}
