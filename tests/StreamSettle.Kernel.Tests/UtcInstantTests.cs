using CsCheck;
using StreamSettle.Kernel.Time;
using Xunit;

namespace StreamSettle.Kernel.Tests;

public class UtcInstantTests
{
    [Theory]
    [InlineData("2026-11-01T00:00:00Z", "2026-11-01T00:00:00Z")]
    [InlineData("2026-11-01T00:00:00.120000Z", "2026-11-01T00:00:00.12Z")]
    [InlineData("2026-11-01 12:34:56.789012+08", "2026-11-01T04:34:56.789012Z")]
    [InlineData("2026-11-01T00:00:00-05:30", "2026-11-01T05:30:00Z")]
    [InlineData("2026-11-01T00:00:00.123456000Z", "2026-11-01T00:00:00.123456Z")]
    [InlineData("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z")]
    public void An_instant_with_offset_is_read_exactly_and_written_in_utc(string text, string expected) =>
        Assert.Equal(expected, UtcInstant.Parse(text).ToString());

    [Theory]
    [InlineData("2026-11-01")]
    [InlineData("2026-11-01T00:00:00")]
    [InlineData("2026-02-30T00:00:00Z")]
    [InlineData("2026-11-01T24:00:00Z")]
    [InlineData("2026-11-01T00:00:00.Z")]
    [InlineData("2026-11-01T00:00:00.1234567Z")]
    [InlineData("infinity")]
    [InlineData("")]
    public void What_is_no_exact_instant_is_refused(string text) => Assert.False(UtcInstant.TryParse(text, out _));

    [Fact]
    public void A_year_beyond_9999_is_written_expanded_and_never_stops_anybody() =>
        Assert.Equal("+10000-01-01T00:00:00Z", (UtcInstant.Parse("9999-12-31T00:00:00Z") + TimeSpan.FromDays(1)).ToString());

    [Fact]
    public void The_clock_is_rounded_down_so_that_nothing_fires_early()
    {
        var between = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(19);

        Assert.Equal(UtcInstant.Parse("2026-11-01T00:00:00.000001Z"), UtcInstant.From(between));
        Assert.Equal(new UtcInstant(-1), UtcInstant.From(DateTimeOffset.UnixEpoch.AddTicks(-1)));
    }

    [Fact]
    public void What_was_written_is_read_back_whatever_the_year() => Gen.OneOf(Gen.Long, Gen.Long[-400_000_000_000_000_000, 400_000_000_000_000_000]).Sample(
        us => UtcInstant.ParseWritten(new UtcInstant(us).ToString()).Microseconds == us);

    [Theory]
    [InlineData("+10000")]
    [InlineData("+x-01-01T00:00:00Z")]
    [InlineData("10000-01-01T00:00:00Z")]
    [InlineData("")]
    public void What_nobody_wrote_is_not_read_back(string text) => Assert.Throws<FormatException>(() => UtcInstant.ParseWritten(text));

    [Fact]
    public void Text_and_instant_are_the_same_thing() => Gen.Long[UtcInstant.MinValue.Microseconds, UtcInstant.MaxValue.Microseconds].Sample(
        us => UtcInstant.Parse(new UtcInstant(us).ToString()).Microseconds == us);
}
