using StreamSettle.Delivery.Http;
using StreamSettle.Delivery.Options;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Delivery.Tests.Http;

/// <summary>Tokens and certificates are replaced while the service runs: by another file, or by another target of a link, as Kubernetes does.</summary>
public sealed class CredentialsTests : IDisposable
{
    readonly string directory = Directory.CreateTempSubdirectory("credentials").FullName;
    readonly VirtualTime time = new(Processing.DeliveryBench.Start.ToDateTimeOffset());
    readonly ListLogger logger = new();

    string TokenPath => Path.Combine(directory, "token");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void A_file_that_was_replaced_is_taken_up_after_a_few_seconds()
    {
        File.WriteAllText(TokenPath, "Bearer old\n");
        using var credentials = Open();
        Replace("Bearer new\n");
        Assert.Equal("Bearer old", Token(credentials));
        time.Advance(Credentials.LookInterval);

        Assert.Equal("Bearer new", Token(credentials));
        Assert.Equal(["Information: Downstreams:Split:Headers:AuthorizationFile was read anew: its file holds another value"], logger.Lines);
    }

    [Fact]
    public void After_a_401_the_next_request_looks_at_once()
    {
        File.WriteAllText(TokenPath, "Bearer old");
        using var credentials = Open();
        Replace("Bearer new");
        credentials.Refused();

        Assert.Equal("Bearer new", Token(credentials));
    }

    [Fact]
    public void A_link_that_leads_elsewhere_is_followed()
    {
        foreach (var value in new[] { "one", "two" })
        {
            Directory.CreateDirectory(Path.Combine(directory, value));
            File.WriteAllText(Path.Combine(directory, value, "token"), value);
        }

        var data = Path.Combine(directory, "..data");
        Directory.CreateSymbolicLink(data, "one");
        File.CreateSymbolicLink(TokenPath, "..data/token");
        using var credentials = Open();
        Directory.CreateSymbolicLink(data + ".new", "two");
        Assert.Equal("one", Token(credentials));
        Directory.Delete(data);
        Directory.Move(data + ".new", data);
        credentials.Refused();

        Assert.Equal("two", Token(credentials));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("Bearer one\nBearer two\n")]
    [InlineData(null)]
    public void A_file_that_is_empty_useless_or_gone_for_a_moment_leaves_the_value_before_and_is_told_once(string? content)
    {
        File.WriteAllText(TokenPath, "Bearer old");
        using var credentials = Open();
        for (var i = 0; i < 5; i++)
        {
            if (content is null)
            {
                File.Delete(TokenPath);
            }
            else
            {
                File.WriteAllText(TokenPath, content);
            }

            time.Advance(Credentials.LookInterval);
            Assert.Equal("Bearer old", Token(credentials));
        }

        Assert.StartsWith("Warning: Downstreams:Split:Headers:AuthorizationFile cannot be read anew", Assert.Single(logger.Lines), StringComparison.Ordinal);
        File.WriteAllText(TokenPath, "Bearer new");
        time.Advance(Credentials.LookInterval);

        Assert.Equal("Bearer new", Token(credentials));
        Assert.Equal(3, logger.Lines.Count);
        Assert.DoesNotContain(logger.Lines, line => line.Contains("Bearer", StringComparison.Ordinal) || line.Contains(directory, StringComparison.Ordinal));
    }

    [Fact]
    public void Another_certificate_is_used_for_new_connections_and_a_broken_one_is_not()
    {
        File.WriteAllText(TokenPath, Pem("one"));
        using var credentials = new Credentials(new() { BaseUrl = "https://split", ClientCertificate = TokenPath }, "Downstreams:Split", time, logger);
        var first = credentials.Take().Client;
        Replace("-----BEGIN CERTIFICATE-----");
        time.Advance(Credentials.LookInterval);
        Assert.Same(first, credentials.Take().Client);
        Replace(Pem("two"));
        time.Advance(Credentials.LookInterval);
        var second = credentials.Take().Client;

        Assert.NotSame(first, second);
        time.Advance(Credentials.LookInterval);
        Assert.Same(second, credentials.Take().Client);
    }

    static string Token(Credentials credentials) => Assert.Single(credentials.Take().Headers).Value;

    static string Pem(string name)
    {
        using var key = System.Security.Cryptography.RSA.Create(2048);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest(
            $"CN={name}", key, System.Security.Cryptography.HashAlgorithmName.SHA256, System.Security.Cryptography.RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(Processing.DeliveryBench.Start.ToDateTimeOffset(), Processing.DeliveryBench.Start.ToDateTimeOffset().AddDays(1));
        return certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem();
    }

    Credentials Open() =>
        new(new DownstreamOptions { BaseUrl = "http://split", Headers = new Dictionary<string, string> { ["AuthorizationFile"] = TokenPath } }, "Downstreams:Split", time, logger);

    void Replace(string content)
    {
        var next = TokenPath + ".next";
        File.WriteAllText(next, content);
        File.Move(next, TokenPath, overwrite: true);
    }
}
