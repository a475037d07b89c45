using StreamSettle.Delivery.Answers;
using StreamSettle.Delivery.Budgets;
using StreamSettle.Kernel.Time;
using Xunit;

namespace StreamSettle.Delivery.Tests.Budgets;

public class RateReadingTests
{
    static readonly UtcInstant Now = UtcInstant.Parse("2026-11-01T00:00:00Z");

    [Fact]
    public void The_x_headers_count_for_the_configured_window()
    {
        var reading = Read(limit: "100", remaining: "42", reset: "30");

        Assert.Equal([new RateRule(100, null)], reading.Rules);
        Assert.Equal(42, reading.Remaining);
        Assert.Equal(Now + TimeSpan.FromSeconds(30), reading.ResetAt);
    }

    [Theory]
    [InlineData("1793491230")]
    [InlineData("1793491230000")]
    public void A_reset_may_be_a_second_of_the_epoch(string reset) =>
        Assert.Equal(Now + TimeSpan.FromSeconds(30), Read(limit: "100", remaining: "0", reset: reset).ResetAt);

    [Fact]
    public void A_reset_is_believed_for_an_hour_at_most() =>
        Assert.Equal(Now + TimeSpan.FromHours(1), Read(remaining: "0", reset: "86400").ResetAt);

    [Theory]
    [InlineData("limit=100, remaining=50, reset=30", "100;w=60")]
    [InlineData("limit=100,remaining=50,reset=30", "\"p\";q=100;w=60")]
    [InlineData("\"p\";r=50;t=30", "\"p\";q=100;w=60")]
    [InlineData("\"a,b;c\"; r=50; t=30", "\"a,b;c\"; q=100; w=60")]
    public void Both_spellings_of_the_drafts_are_read(string rateLimit, string policy)
    {
        var reading = Read(rateLimit: rateLimit, policy: policy);

        Assert.Equal([new RateRule(100, TimeSpan.FromSeconds(60))], reading.Rules);
        Assert.Equal(50, reading.Remaining);
        Assert.Equal(Now + TimeSpan.FromSeconds(30), reading.ResetAt);
    }

    [Fact]
    public void A_limit_without_a_policy_counts_for_the_configured_window() =>
        Assert.Equal([new RateRule(100, null)], Read(rateLimit: "limit=100, remaining=50, reset=30").Rules);

    [Fact]
    public void Several_policies_all_hold_and_the_least_remaining_counts()
    {
        var reading = Read(rateLimit: "\"burst\";r=9;t=1, \"hour\";r=3;t=900", policy: "\"burst\";q=10;w=1, \"hour\";q=1000;w=3600");

        Assert.Equal([new RateRule(10, TimeSpan.FromSeconds(1)), new RateRule(1000, TimeSpan.FromHours(1))], reading.Rules);
        Assert.Equal(3, reading.Remaining);
        Assert.Equal(Now + TimeSpan.FromSeconds(900), reading.ResetAt);
    }

    [Fact]
    public void A_policy_that_counts_bytes_is_none_of_ours() =>
        Assert.Empty(Read(policy: "\"p\";q=100;w=60;qu=\"content-bytes\"").Rules);

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("many")]
    [InlineData("")]
    public void What_is_no_limit_is_taken_as_not_there(string limit) => Assert.Empty(Read(limit: limit).Rules);

    [Fact]
    public void Numbers_beyond_any_of_ours_are_taken_as_very_many()
    {
        const string Most = "18446744073709551615";
        var reading = Read(limit: Most, remaining: Most);

        Assert.Equal([new RateRule(long.MaxValue / 2, null)], reading.Rules);
        Assert.Equal(long.MaxValue / 2, reading.Remaining);
    }

    [Fact]
    public void An_answer_without_headers_says_nothing() => Assert.Same(RateReading.Nothing, RateReading.Read(AnswerHeaders.None, Now));

    static RateReading Read(string? limit = null, string? remaining = null, string? reset = null, string? rateLimit = null, string? policy = null) =>
        RateReading.Read(new() { Limit = limit, Remaining = remaining, Reset = reset, RateLimit = rateLimit, RateLimitPolicy = policy }, Now);
}
