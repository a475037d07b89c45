using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Holds;
using StreamSettle.Kernel.Time;
using Xunit;

namespace StreamSettle.Kernel.Tests.Holds;

public sealed class HoldTests
{
    static readonly UtcInstant Now = UtcInstant.Parse("2026-11-01T00:00:00Z");

    static Hold On(string scope, string id = "h1", int since = 0, TimeSpan? time = null) => HoldScope.TryParse(scope, out var parsed)
        ? new(id, parsed, "why", "ann", Now + TimeSpan.FromSeconds(since), time is { } span ? Now + span : null)
        : throw new ArgumentException(scope);

    static HoldRelease Release(int after, string by = "bob") => new(by, $"r{after}", "over", Now + TimeSpan.FromSeconds(after));

    [Theory]
    [InlineData("everything")]
    [InlineData("merchant:437")]
    [InlineData("order:-9223372036854775808")]
    [InlineData("downstream:split")]
    [InlineData("downstream:tax-refund")]
    public void A_scope_is_written_as_it_is_read(string text)
    {
        Assert.True(HoldScope.TryParse(text, out var scope));
        Assert.Equal(text, scope.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("Everything")]
    [InlineData("merchant:")]
    [InlineData("merchant:1e3")]
    [InlineData("merchant: 7")]
    [InlineData("order:9223372036854775808")]
    [InlineData("downstream:calculation")]
    [InlineData("downstream:bank")]
    [InlineData("437")]
    public void What_names_nothing_that_can_be_held_is_no_scope(string text) => Assert.False(HoldScope.TryParse(text, out _));

    [Fact]
    public void The_bytes_of_a_hold()
    {
        var buffer = new ByteBuffer();
        (On("order:42", time: TimeSpan.FromDays(1)) with { Release = Release(60) }).Write(new(buffer));
        Assert.Equal(
            "01" + "026831" + "086F726465723A3432" + "03776879" + "03616E6E" + "00065F2BB5E24000" + "018080CDBBFACFAF06"
            + "01" + "03626F62" + "03723630" + "046F766572" + "00065F2BB975C700",
            Convert.ToHexString(buffer.Written));
        Assert.Equal(On("order:42", time: TimeSpan.FromDays(1)) with { Release = Release(60) }, Hold.Read(buffer.Written));
        Assert.Throws<CorruptStateException>(() => Hold.Read([2]));
    }

    [Fact]
    public void A_hold_stands_until_it_is_released_or_its_time_is_over()
    {
        var hold = On("everything", time: TimeSpan.FromHours(1));
        Assert.True(hold.StandsAt(Now + TimeSpan.FromMinutes(59)));
        Assert.False(hold.StandsAt(Now + TimeSpan.FromHours(1)));
        Assert.Equal(Now + TimeSpan.FromHours(1), hold.OverAt(Now + TimeSpan.FromHours(2)));
        Assert.Equal(Now + TimeSpan.FromSeconds(60), (hold with { Release = Release(60) }).OverAt(Now + TimeSpan.FromHours(2)));
        Assert.Equal(hold.Until, (hold with { Release = Release(7_200) }).OverAt(Now + TimeSpan.FromHours(3)));
    }

    [Fact]
    public void Of_two_that_say_one_id_the_first_counts_and_of_two_releases_the_first()
    {
        var book = new HoldBook();
        book.Take(On("merchant:7"));
        var before = book.Current;
        book.Take(On("merchant:8"));
        Assert.Same(before, book.Current);
        book.Take(On("merchant:7") with { Release = Release(10, "bob") });
        book.Take(On("merchant:7") with { Release = Release(20, "eve") });
        Assert.Equal("bob", book.Current.Find("h1")!.Release!.By);
        Assert.Equal(0, book.Current.Unreleased);
        book.Take(On("merchant:7"));
        Assert.Equal("bob", book.Current.Find("h1")!.Release!.By);
        book.Forget("h1");
        Assert.Null(book.Current.Find("h1"));
    }

    [Fact]
    public void The_end_of_a_scope_is_that_of_the_hold_that_went_last()
    {
        var book = new HoldBook();
        var (scope, later) = (On("merchant:7").Scope, Now + TimeSpan.FromDays(1));
        book.Take(On("merchant:7", "h1"));
        book.Take(On("merchant:7", "h2", since: 5, time: TimeSpan.FromHours(2)));
        Assert.Equal("h1", book.Current.On(scope, later)!.Id);
        book.Take(On("merchant:7", "h1") with { Release = Release(60) });
        Assert.Equal("h2", book.Current.On(scope, Now)!.Id);
        Assert.Equal(Now + TimeSpan.FromHours(2), book.Current.NextExpiry(Now));
        Assert.Null(book.Current.On(scope, later));
        Assert.Equal(new HoldEnding(scope, "ann@h2:expiry", "why", "expiry"), book.Current.EndOf(scope, later));
        book.Take(On("merchant:7", "h3", since: 9) with { Release = Release(80_000) });
        Assert.Equal(new HoldEnding(scope, "bob@r80000", "over", "bob"), book.Current.EndOf(scope, later));
        Assert.Equal("unknown", book.Current.EndOf(On("order:1").Scope, later).By);
    }

    [Fact]
    public async Task Whoever_waits_is_told_when_everybody_else_was()
    {
        var (book, told) = (new HoldBook(), 0);
        book.OnChange(() => told++);
        var waiting = book.WaitAsync(holds => holds.Find("h1") is not null, TestContext.Current.CancellationToken);
        book.Take(On("merchant:7", "h2"));
        Assert.False(waiting.IsCompleted);
        book.Take(On("merchant:7", "h1"));
        await waiting;
        Assert.Equal(2, told);
    }
}
