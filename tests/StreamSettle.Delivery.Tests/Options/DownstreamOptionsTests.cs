using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Calls;
using Xunit;

namespace StreamSettle.Delivery.Tests.Options;

public class DownstreamOptionsTests
{
    static readonly DownstreamOptions Good = new() { BaseUrl = "https://pay.example/api" };

    [Fact]
    public void The_defaults_with_a_base_url_hold() => Assert.Empty(Good.Problems("Downstreams:Split"));

    [Fact]
    public void Each_broken_rule_names_key_rule_and_value()
    {
        Assert.Equal(
            ["Downstreams:Split:BaseUrl must be an absolute http or https URL without a query, but is 'ftp://x'."],
            (Good with { BaseUrl = "ftp://x" }).Problems("Downstreams:Split"));
        Assert.Equal(
            ["Downstreams:Split:BatchSize must be from 1 to 1000, but is 1001."],
            (Good with { BatchSize = 1_001 }).Problems("Downstreams:Split"));
        Assert.Equal(
            ["Downstreams:Split:RetryMax must be at least RetryBase (00:00:01), but is 00:00:00.5000000."],
            (Good with { RetryMax = TimeSpan.FromSeconds(0.5) }).Problems("Downstreams:Split"));
        Assert.Equal(
            ["Downstreams:Split:Headers:AuthorizationFile must name a file that exists, but there is none at '/no/such/file'."],
            (Good with { Headers = new Dictionary<string, string> { ["AuthorizationFile"] = "/no/such/file" } }).Problems("Downstreams:Split"));
    }

    [Fact]
    public void Every_rule_is_checked()
    {
        var bad = new DownstreamOptions
        {
            Concurrency = 0, BatchSize = 0, Timeout = TimeSpan.Zero, RateWindow = TimeSpan.Zero, RetryBase = TimeSpan.Zero, RetryMax = TimeSpan.FromDays(2),
            MaxAttempts = 0, RateLimit = 0, ClientCertificate = "/none.pem",
        };

        Assert.Equal(10, bad.Problems("D").Count());
    }

    [Theory]
    [InlineData(Leg.Verification, "verifications")]
    [InlineData(Leg.Split, "splits")]
    [InlineData(Leg.Commission, "commissions")]
    [InlineData(Leg.Tax, "tax-filings")]
    [InlineData(Leg.TaxRefund, "tax-refunds")]
    public void The_paths_are_the_contracts(Leg leg, string path)
    {
        Assert.Equal(path, DownstreamPaths.Of(leg));
        Assert.Equal($"{path}:batch", DownstreamPaths.BatchOf(leg));
        Assert.Equal($"{path}/42%3A{leg.Name()}%3A1", DownstreamPaths.Recorded(new(new(42), leg, 1)));
    }
}
