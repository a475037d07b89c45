using StreamSettle.Delivery.Answers;
using StreamSettle.Kernel.Time;
using Xunit;

namespace StreamSettle.Delivery.Tests.Answers;

public class RetryAfterTests
{
    static readonly UtcInstant Now = UtcInstant.Parse("1994-11-06T08:49:30Z");

    [Theory]
    [InlineData("7", 7)]
    [InlineData(" 7 ", 7)]
    [InlineData("0", 0)]
    [InlineData("1.5", 1.5)]
    [InlineData("-5", 0)]
    [InlineData("3600", 3600)]
    [InlineData("3601", 3600)]
    [InlineData("99999999999999999999999999999999999999", 3600)]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT", 7)]
    [InlineData("Sunday, 06-Nov-94 08:49:37 GMT", 7)]
    [InlineData("Sun Nov  6 08:49:37 1994", 7)]
    [InlineData("Sun, 06 Nov 1994 08:49:00 GMT", 0)]
    [InlineData("Tue, 06 Nov 2035 08:49:00 GMT", 3600)]
    [InlineData("Mon, 6 Nov 1994 08:49:37 gmt", 7)]
    [InlineData("06 Nov 1994 08:49:37 UTC", 7)]
    [InlineData("1994-11-06T08:49:37Z", 7)]
    [InlineData("7\n5", 7)]
    [InlineData("5\n7", 7)]
    [InlineData("5, 7", 7)]
    [InlineData("5, , soon, 7,", 7)]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT, 3", 7)]
    [InlineData("3,Sun, 06 Nov 1994 08:49:37 GMT\nSunday, 06-Nov-94 08:49:39 GMT", 9)]
    [InlineData("soon\n7", 7)]
    [InlineData("-5\n7", 7)]
    public void Seconds_and_dates_are_read_and_bounded(string text, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryAfter.Parse(text, Now));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("1e9")]
    [InlineData("NaN")]
    [InlineData("7 s")]
    [InlineData(",")]
    [InlineData("soon\nlater")]
    [InlineData("Sun, 32 Nov 1994 08:49:37 GMT")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 CET")]
    public void What_is_neither_says_nothing(string? text) => Assert.Null(RetryAfter.Parse(text, Now));
}
