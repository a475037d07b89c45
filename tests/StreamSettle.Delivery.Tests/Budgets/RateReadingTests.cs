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
        Assert.Equal([(42L, 30d)], Left(reading));
        Assert.True(reading.IsWhole);
    }

    [Theory]
    [InlineData("30")]
    [InlineData(" 30 ")]
    [InlineData("29.9999999")]
    [InlineData("1793491230")]
    [InlineData("1793491230.0")]
    [InlineData("1793491230000")]
    [InlineData("1793491230000000")]
    [InlineData("1793491230000000000")]
    [InlineData("Sun, 01 Nov 2026 00:00:30 GMT")]
    [InlineData("2026-11-01T00:00:30Z")]
    [InlineData("30;w=60")]
    public void A_reset_may_be_seconds_an_instant_of_the_epoch_or_a_date(string reset) =>
        Assert.Equal([(0L, 30d)], Left(Read(limit: "100", remaining: "0", reset: reset)));

    [Theory]
    [InlineData("0")]
    [InlineData("-30")]
    [InlineData("1793491170")]
    [InlineData("Sat, 31 Oct 2026 00:00:30 GMT")]
    public void A_reset_in_the_past_is_now(string reset) => Assert.Equal([(0L, 0d)], Left(Read(remaining: "0", reset: reset)));

    [Theory]
    [InlineData("86400", 86_400)]
    [InlineData("2592000", 2_592_000)]
    public void A_reset_may_be_days_away(string reset, double seconds) => Assert.Equal([(0L, seconds)], Left(Read(remaining: "0", reset: reset)));

    [Theory]
    [InlineData("limit=100, remaining=50, reset=30", "100;w=60")]
    [InlineData("limit=100,remaining=50,reset=30", "\"p\";q=100;w=60")]
    [InlineData("reset=30\t,LIMIT = 100 , remaining=50", "100 ;w= 60")]
    [InlineData("\"p\";r=50;t=30", "\"p\";q=100;w=60")]
    [InlineData("\"p\";t=30;r=50", "\"p\" ; w=60 ; q=100")]
    [InlineData("p;r=50;t=30", "p;q=100;w=60")]
    [InlineData("\"a,b;c\"; r=50; t=30", "\"a,b;c\"; q=100; w=60")]
    [InlineData("\"a\\\"b\\\\\";pk=:cHJl:;r=50;t=30", "\"a\\\"b\\\\\";comment=\"x;w=1, 5\";q=100;burst;pk=:cHJl:;w=60;s=?1;d=@1659578233;u=%\"f%c3\"")]
    [InlineData("limit=100;w=60, remaining=50, reset=30", null)]
    [InlineData("\"p\";r=50;t=30", "\"p\";q=100;w=60;qu=\"requests\"")]
    public void Both_spellings_of_the_drafts_are_read(string rateLimit, string? policy)
    {
        var reading = Read(rateLimit: rateLimit, policy: policy);

        Assert.Equal([new RateRule(100, TimeSpan.FromSeconds(60))], reading.Rules);
        Assert.Equal([(50L, 30d)], Left(reading));
        Assert.True(reading.IsWhole);
    }

    [Fact]
    public void A_limit_without_a_policy_counts_for_the_configured_window() =>
        Assert.Equal([new RateRule(100, null)], Read(rateLimit: "limit=100, remaining=50, reset=30").Rules);

    [Theory]
    [InlineData("5, 5;w=3600")]
    [InlineData("5;w=3600, 5")]
    [InlineData("5\n5;w=3600")]
    [InlineData("5,5;window=3600")]
    [InlineData("5;comment=\"a, b\", 5;w=3600;burst=10")]
    public void A_value_and_a_list_are_the_list(string limit)
    {
        Assert.Equal([new RateRule(5, TimeSpan.FromHours(1))], Read(limit: limit).Rules);
        Assert.Equal([new RateRule(5, TimeSpan.FromHours(1))], RateReading.Read(new() { DraftLimit = limit }, Now).Rules);
    }

    [Theory]
    [InlineData("10, 10;w=1, 50;w=60, 5000;w=172800")]
    [InlineData("10;w=1\n50;w=60,5000;w=172800")]
    [InlineData("10, 50;w=60, 10;w=1, 70;w=60, 5000;w=172800")]
    public void Every_limit_of_a_list_counts_and_the_least_of_a_window(string limit) => Assert.Equal(
        [new RateRule(10, TimeSpan.FromSeconds(1)), new RateRule(50, TimeSpan.FromMinutes(1)), new RateRule(5_000, TimeSpan.FromDays(2))], Read(limit: limit).Rules);

    [Fact]
    public void Every_spelling_and_every_line_counts()
    {
        var reading = RateReading.Read(
            new()
            {
                Limit = "100", DraftLimit = "50, 50;w=10", RateLimit = "limit=7, remaining=3, reset=9\nlimit=900, remaining=0, reset=90", RateLimitPolicy = "7;w=1\n\"h\";q=900;w=3600",
                Remaining = "8", Reset = "5", DraftRemaining = "6", DraftReset = "4",
            },
            Now);

        Assert.Equal([new RateRule(100, null), new RateRule(7, TimeSpan.FromSeconds(1)), new RateRule(50, TimeSpan.FromSeconds(10)), new RateRule(900, TimeSpan.FromHours(1))], reading.Rules);
        Assert.Equal([(3L, 9d), (0L, 90d), (8L, 5d), (6L, 4d)], Left(reading));
        Assert.Equal(4, reading.Quotas.DistinctBy(quota => quota.Name).Count());
    }

    [Fact]
    public void Several_policies_all_hold_and_each_keeps_what_is_left_of_it()
    {
        var reading = Read(rateLimit: "\"burst\";r=9;t=1, \"hour\";r=3", policy: "\"burst\";q=10;w=1, \"hour\";q=1000;w=3600");

        Assert.Equal([new RateRule(10, TimeSpan.FromSeconds(1)), new RateRule(1000, TimeSpan.FromHours(1))], reading.Rules);

        // Without a reset it holds for the policy's window.
        Assert.Equal([(9L, 1d), (3L, 3_600d)], Left(reading));
    }

    [Theory]
    [InlineData("10, 500", "1, 3600", 1, 3_600)]
    [InlineData("10\n500", "1\n3600", 1, 3_600)]
    [InlineData("10, 500", "30", 30, 30)]
    [InlineData("10, 500", "1, 2, 3600", 3_600, 3_600)]
    public void Lists_of_what_is_left_go_with_those_of_resets(string remaining, string reset, double first, double second) =>
        Assert.Equal([(10L, first), (500L, second)], Left(Read(remaining: remaining, reset: reset)));

    [Fact]
    public void A_policy_that_counts_bytes_is_none_of_ours_until_nothing_is_left_of_it()
    {
        const string Policy = "\"p\";q=100;w=60;qu=\"content-bytes\", \"c\";q=9;w=60";
        Assert.Equal([new RateRule(9, TimeSpan.FromMinutes(1))], Read(policy: Policy).Rules);
        Assert.Equal([(4L, 5d)], Left(Read(rateLimit: "\"p\";r=3;t=7, \"c\";r=4;t=5", policy: Policy)));
        Assert.Equal([(0L, 7d), (4L, 5d)], Left(Read(rateLimit: "\"p\";r=0;t=7, \"c\";r=4;t=5", policy: Policy)));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("0.5")]
    [InlineData("many")]
    [InlineData("NaN")]
    [InlineData("1e3")]
    [InlineData("0x10")]
    [InlineData("100/60")]
    [InlineData("100 per minute")]
    [InlineData("\"100\"")]
    [InlineData("100;")]
    [InlineData("\"100")]
    [InlineData(";w=60")]
    [InlineData("=5")]
    public void What_is_no_limit_is_not_there_and_the_reading_is_not_whole(string limit)
    {
        var reading = Read(limit: limit);

        Assert.Empty(reading.Rules);
        Assert.False(reading.IsWhole);
    }

    [Theory]
    [InlineData("7, many", 7, null)]
    [InlineData("many, 7", 7, null)]
    [InlineData("7;w=hour", 7, null)]
    [InlineData("7;w=0", 7, null)]
    [InlineData("7;w=-60", 7, null)]
    [InlineData("7;w", 7, null)]
    [InlineData("7;w=\"60\"", 7, 60d)]
    [InlineData("7;w=60;w=90", 7, 90d)]
    [InlineData("7;w=60 8;w=1, 7;w=60", 7, 60d)]
    public void What_can_be_read_of_a_broken_list_counts_beside_what_is_known(string limit, long most, double? windowSeconds)
    {
        var reading = Read(limit: limit);

        Assert.Equal([new RateRule(most, windowSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null)], reading.Rules);
        Assert.False(reading.IsWhole);
    }

    [Theory]
    [InlineData("5.9", 5)]
    [InlineData("+5", 5)]
    [InlineData("005", 5)]
    [InlineData("18446744073709551615", long.MaxValue / 2)]
    [InlineData("99999999999999999999999999999999999999999999", long.MaxValue / 2)]
    public void Numbers_of_any_size_are_read(string limit, long expected)
    {
        Assert.Equal([new RateRule(expected, null)], Read(limit: limit).Rules);
        Assert.Equal(expected, Read(remaining: limit).Quotas[0].Remaining);
        Assert.True(Read(limit: limit).IsWhole);
    }

    [Theory]
    [InlineData("99999999999999999999999999999999999999999999")]
    [InlineData("3155760000000")]
    public void A_window_without_end_is_a_century(string seconds)
    {
        Assert.Equal([new RateRule(5, SlidingBudget.LongestWindow)], Read(limit: $"5;w={seconds}").Rules);
        Assert.Equal(TimeSpan.FromMicroseconds(1), Read(limit: "5;w=0.0000000001").Rules[0].Window);
    }

    [Theory]
    [InlineData("-3", 0)]
    [InlineData("2.9", 2)]
    public void What_is_left_is_whole_and_not_negative(string remaining, long expected) => Assert.Equal(expected, Read(remaining: remaining).Quotas[0].Remaining);

    [Theory]
    [InlineData("5", "later", false)]
    [InlineData("5", "", false)]
    [InlineData("5", null, true)]
    [InlineData("5", "7", true)]
    public void What_is_left_with_a_reset_that_cannot_be_read_is_not_sure(string remaining, string? reset, bool isSure) =>
        Assert.Equal(isSure, Assert.Single(Read(remaining: remaining, reset: reset).Quotas).IsSure);

    [Fact]
    public void A_header_that_is_too_long_is_not_read_and_loosens_nothing()
    {
        var reading = Read(limit: new string(' ', 3_000) + "5");

        Assert.Empty(reading.Rules);
        Assert.False(reading.IsWhole);
    }

    [Fact]
    public void An_answer_without_headers_says_nothing() => Assert.Same(RateReading.Nothing, RateReading.Read(AnswerHeaders.None, Now));

    static IEnumerable<(long Remaining, double? Seconds)> Left(RateReading reading) =>
        reading.Quotas.Select(quota => (quota.Remaining, quota.Reset is { } reset ? Math.Round(reset.TotalSeconds, 3) : (double?)null));

    static RateReading Read(string? limit = null, string? remaining = null, string? reset = null, string? rateLimit = null, string? policy = null) =>
        RateReading.Read(new() { Limit = limit, Remaining = remaining, Reset = reset, RateLimit = rateLimit, RateLimitPolicy = policy }, Now);
}
