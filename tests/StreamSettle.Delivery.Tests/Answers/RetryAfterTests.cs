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
    public void Seconds_and_dates_are_read_and_bounded(string text, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryAfter.Parse(text, Now));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("1e9")]
    [InlineData("NaN")]
    [InlineData("7 s")]
    public void What_is_neither_says_nothing(string? text) => Assert.Null(RetryAfter.Parse(text, Now));
}
