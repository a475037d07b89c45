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
            ["Downstreams:Split:BaseUrl must be an absolute http or https URL without query and fragment, but is 'ftp://x'."],
            (Good with { BaseUrl = "ftp://x" }).Problems("Downstreams:Split"));
        Assert.Equal(
            ["Downstreams:Split:BatchSize must be from 1 to 1000, but is 1001."],
            (Good with { BatchSize = 1_001 }).Problems("Downstreams:Split"));
        Assert.Equal(
            ["Downstreams:Split:BatchOrder InOrder does nothing without batches: give Downstreams:Split:BatchSize above 1, or leave BatchOrder out."],
            (Good with { BatchOrder = BatchOrder.InOrder }).Problems("Downstreams:Split"));
        Assert.Empty((Good with { BatchOrder = BatchOrder.InOrder, BatchSize = 2 }).Problems("Downstreams:Split"));
        Assert.Equal(
            ["Downstreams:Split:RetryMax must be at least RetryBase (00:00:01), but is 00:00:00.5000000."],
            (Good with { RetryMax = TimeSpan.FromSeconds(0.5) }).Problems("Downstreams:Split"));
        Assert.Equal(
            ["Downstreams:Split:Headers:AuthorizationFile must name a file that exists (a name that ends in File, in any case, stands for a path), but there is none."],
            (Good with { Headers = new Dictionary<string, string> { ["AuthorizationFile"] = "/no/such/file" } }).Problems("Downstreams:Split"));
    }

    [Theory]
    [InlineData("X Api Key")]
    [InlineData("X-Schlüssel")]
    [InlineData("X:Y")]
    [InlineData("X\r\nEvil")]
    [InlineData("(comment)")]
    [InlineData("Idempotency-Key")]
    [InlineData("idempotency-key")]
    [InlineData("Idempotency-KeyFile")]
    [InlineData("Content-Length")]
    [InlineData("Content-Type")]
    [InlineData("Content-Encoding")]
    [InlineData("Expires")]
    [InlineData("Host")]
    [InlineData("Connection")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Accept-Encoding")]
    public void A_header_that_cannot_be_sent_is_refused_by_its_name(string name) =>
        Assert.StartsWith($"D:Headers:{name} ", Assert.Single((Good with { Headers = new Dictionary<string, string> { [name] = "s3cret" } }).Problems("D")));

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("s3cret\n")]
    [InlineData("s3cret\r\nX-Evil: 1")]
    [InlineData("s3crét")]
    [InlineData("\uFEFFs3cret")]
    [InlineData("s3cret\0")]
    [InlineData("s3cret\t")]
    public void A_value_that_cannot_be_sent_is_refused_without_being_told(string value)
    {
        var problem = Assert.Single((Good with { Headers = new Dictionary<string, string> { ["X-Api-Key"] = value } }).Problems("D"));

        Assert.StartsWith("D:Headers:X-Api-Key holds a value that cannot be sent: ", problem);
        Assert.DoesNotContain("s3cr", problem);
    }

    [Theory]
    [InlineData("Authorization", "Bearer s3cret")]
    [InlineData("X-Api-Key", "a b:c;d=\"e\"~")]
    [InlineData("x_api.key", "1")]
    [InlineData("Cookie", "a=b")]
    [InlineData("Accept", "application/json")]
    public void What_can_be_sent_is_taken(string name, string value) => Assert.Empty((Good with { Headers = new Dictionary<string, string> { [name] = value } }).Problems("D"));

    [Fact]
    public void One_header_given_as_value_and_as_file_is_refused()
    {
        var headers = new Dictionary<string, string> { ["Authorization"] = "Bearer 1", ["authorizationFile"] = typeof(DownstreamOptionsTests).Assembly.Location };

        Assert.Equal(["D:Headers:Authorization and D:Headers:authorizationFile are the same header: keep one."], (Good with { Headers = headers }).Problems("D"));
    }

    [Theory]
    [InlineData("https://pay.example/api?key=s3cret", "D:BaseUrl must be an absolute http or https URL without query and fragment, but is 'https://pay.example/api'.")]
    [InlineData("https://pay.example/api#s3cret", "D:BaseUrl must be an absolute http or https URL without query and fragment, but is 'https://pay.example/api'.")]
    [InlineData("https://pay.example/api?", "D:BaseUrl must be an absolute http or https URL without query and fragment")]
    public void What_of_a_base_url_would_not_be_used_is_refused(string url, string says)
    {
        var problem = Assert.Single((Good with { BaseUrl = url }).Problems("D"));

        Assert.StartsWith(says, problem);
        Assert.DoesNotContain("s3cret", problem);
    }

    [Theory]
    [InlineData("https://user:s3cret@pay.example/api", "user:s3cret")]
    [InlineData("https://us%40er:s%3Acr%C3%A9t@pay.example/api", "us@er:s:crét")]
    [InlineData("https://s3cret@pay.example", "s3cret:")]
    public void What_stands_before_the_host_is_sent_as_basic_authentication(string url, string sent)
    {
        var options = Good with { BaseUrl = url };
        Assert.Empty(options.Problems("D"));

        using var credentials = new Credentials(options, "D", TimeProvider.System, NullLogger.Instance);
        Assert.Equal(new("Authorization", $"Basic {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(sent))}"), Assert.Single(credentials.Take().Headers));
        var problem = Assert.Single((options with { Headers = new Dictionary<string, string> { ["authorization"] = "Bearer 1" } }).Problems("D"));
        Assert.Equal("D:BaseUrl holds a user and a password, and D:Headers:authorization is set too: keep one.", problem);
    }

    [Fact]
    public void A_certificate_that_would_not_be_shown_and_a_password_for_none_are_refused()
    {
        var file = typeof(DownstreamOptionsTests).Assembly.Location;

        Assert.Equal(
            ["D:ClientCertificate is shown over https alone, but D:BaseUrl is 'http://pay.example'."],
            (Good with { BaseUrl = "http://pay.example", ClientCertificate = file }).Problems("D"));
        Assert.Equal(["D:ClientCertificatePasswordFile belongs to D:ClientCertificate, which is not set."], (Good with { ClientCertificatePasswordFile = file }).Problems("D"));
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("\n", "it is empty")]
    [InlineData("one\ntwo\n", "the character at place 4 is not printable ASCII")]
    [InlineData("tokén", "the character at place 4 is not printable ASCII")]
    public void A_file_with_what_cannot_be_sent_is_refused_by_its_key(string content, string why)
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, content);

        var mistake = Assert.Throws<UserMistakeException>(
            () => new Credentials(Good with { Headers = new Dictionary<string, string> { ["X-TokenFile"] = path } }, "Downstreams:Split", TimeProvider.System, NullLogger.Instance));
        Assert.StartsWith($"Downstreams:Split:Headers:X-TokenFile must name a file that can be read and used, but {why}.", mistake.Message);
        File.Delete(path);
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
    [InlineData("http://ann:s3cret@split", null, "Downstreams:Split:BaseUrl")]
    [InlineData("http://split", "Authorization", "Downstreams:Split:Headers:Authorization")]
    [InlineData("http://split", "authorizationfile", "Downstreams:Split:Headers:authorizationfile")]
    [InlineData("https://ann:s3cret@split", null, null)]
    [InlineData("https://split", "Authorization", null)]
    [InlineData("http://split", "X-Shop", null)]
    public void Credentials_that_go_over_plain_http_are_told_by_their_key_alone(string url, string? header, string? key)
    {
        var options = Good with { BaseUrl = url, Headers = header is null ? new Dictionary<string, string>() : new() { [header] = "s3cret" } };

        var notes = options.Notes("Downstreams:Split").ToList();
        Assert.Equal(key is null ? 0 : 1, notes.Count);
        Assert.All(notes, note => Assert.StartsWith($"{key} gives credentials that go over plain http", note));
        Assert.All(notes, note => Assert.DoesNotContain("s3cret", note));
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
