using Microsoft.Extensions.Logging.Abstractions;
using StreamSettle.Delivery.Channels;
using StreamSettle.Delivery.Http;
using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
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
            ["Downstreams:Split:Headers:AuthorizationFile must name a file that exists (a name that ends in File, in any case, stands for a path), but there is none."],
            (Good with { Headers = new Dictionary<string, string> { ["AuthorizationFile"] = "/no/such/file" } }).Problems("Downstreams:Split"));
    }

    [Fact]
    public void Every_rule_is_checked()
    {
        var bad = new DownstreamOptions
        {
            Concurrency = 0, BatchSize = 0, BatchBytes = 0, Timeout = TimeSpan.Zero, RateWindow = TimeSpan.Zero, RetryBase = TimeSpan.Zero, RetryMax = TimeSpan.FromDays(2),
            MaxAttempts = 0, RateLimit = 0, ClientCertificate = "/none.pem",
        };

        Assert.Equal(11, bad.Problems("D").Count());
    }

    [Theory]
    [InlineData("AuthorizationFile")]
    [InlineData("AUTHORIZATIONFILE")]
    [InlineData("Authorizationfile")]
    public void The_suffix_for_files_is_known_in_any_case(string name)
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, "Bearer s3cret\n");

        using var credentials = new Credentials(Good with { Headers = new Dictionary<string, string> { [name] = path } }, "Downstreams:Split", TimeProvider.System, NullLogger.Instance);
        var header = Assert.Single(credentials.Take().Headers);
        Assert.Equal(("Authorization", "Bearer s3cret"), (header.Key[..1] + header.Key[1..].ToLowerInvariant(), header.Value));
        File.Delete(path);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_the_users_mistake_and_only_its_key_is_told()
    {
        var headers = new Dictionary<string, string> { ["AuthorizationFile"] = "/no/such/s3cret" };

        var mistake = Assert.Throws<UserMistakeException>(() => DownstreamChannel.OverHttp(Leg.TaxRefund, Good with { Headers = headers }, TimeProvider.System));
        Assert.StartsWith("Downstreams:TaxRefund:Headers:AuthorizationFile must name a file that can be read", mistake.Message);
        Assert.DoesNotContain("s3cret", mistake.ToString());
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
