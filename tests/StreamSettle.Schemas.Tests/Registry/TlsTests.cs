using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace StreamSettle.Schemas.Tests.Registry;

/// <summary>A registry behind TLS is believed by whom the options name alone, and is shown our certificate; what is wrong is told to who can mend it.</summary>
public sealed class TlsTests : IAsyncDisposable
{
    readonly FakeRegistry registry = FakeRegistry.Start();
    readonly TestAuthority ours = new("Ours");
    readonly TestAuthority others = new("Others");
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("streamsettle-tls-");

    public async ValueTask DisposeAsync()
    {
        await registry.DisposeAsync();
        ours.Dispose();
        others.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task It_is_believed_by_the_authority_that_is_named_and_by_no_other()
    {
        await using var front = Front(ours.Issue("registry"));

        Assert.Null(await ProblemAsync(front, Ca(ours)));
        Assert.Null(await ProblemAsync(front, ("ssl.ca.location", Kept("both.pem", Pem(others) + Pem(ours)))));
        Assert.Null(await ProblemAsync(front, ("ssl.ca.location", Kept("ours.der", ours.Certificate.Export(X509ContentType.Cert)))));
        Assert.Contains("Its certificate is of no authority that is in SchemaRegistry:SslCaLocation", await ProblemAsync(front, Ca(others)), StringComparison.Ordinal);
        Assert.Contains("Its certificate is of no authority that this machine trusts: let SchemaRegistry:SslCaLocation name", await ProblemAsync(front), StringComparison.Ordinal);
        Assert.Null(await ProblemAsync(front, ("enable.ssl.certificate.verification", "false")));
        Assert.Equal(4, registry.Asked.Count);
    }

    [Fact]
    public async Task An_authority_under_the_named_one_is_believed_where_it_is_sent_too()
    {
        using var below = new TestAuthority("Below", ours);
        await using var whole = Front(below.Issue("registry"), sent: below.Certificate);
        await using var cut = Front(below.Issue("registry"));

        Assert.Null(await ProblemAsync(whole, Ca(ours)));
        Assert.Contains("Its certificate is of no authority", await ProblemAsync(cut, Ca(ours)), StringComparison.Ordinal);
        Assert.Null(await ProblemAsync(cut, ("ssl.ca.location", Kept("both.pem", Pem(ours) + Pem(below)))));
    }

    /// <summary>Confluent's client would take these, as the authority's certificate is sent along.</summary>
    [Theory]
    [InlineData("elsewhere.example", 20, "Its certificate names other hosts: let SchemaRegistry:Url name it as its certificate does")]
    [InlineData("127.0.0.1", 5, "Its certificate has expired or is not valid yet")]
    public async Task A_certificate_of_another_host_or_of_another_time_is_refused_whoever_issued_it(string host, int days, string problem)
    {
        await using var front = Front(ours.Issue("registry", host, days), sent: ours.Certificate);

        Assert.Contains(problem, await ProblemAsync(front, Ca(ours)), StringComparison.Ordinal);
        Assert.Empty(registry.Asked);
    }

    [Fact]
    public async Task It_lets_in_who_shows_a_certificate_of_its_authority()
    {
        await using var front = Front(ours.Issue("registry"), wanted: ours);

        Assert.Null(await ProblemAsync(front, [Ca(ours), .. Store(ours.Issue("streamsettle"))]));
        Assert.Equal(["CN=streamsettle"], front.Callers);
    }

    [Fact]
    public async Task Who_is_not_let_in_is_told_which_certificate_was_shown()
    {
        await using var front = Front(ours.Issue("registry"), wanted: ours);

        Assert.Contains("If it wants a certificate of ours, let SchemaRegistry:SslKeystoreLocation name one.", await ProblemAsync(front, Ca(ours)), StringComparison.Ordinal);
        Assert.Contains("Does it take our certificate CN=stranger of CN=Others, valid until 2", await ProblemAsync(front, [Ca(ours), .. Store(others.Issue("stranger"))]), StringComparison.Ordinal);
        Assert.Contains("Does it take our certificate CN=late of CN=Ours, valid until 2", await ProblemAsync(front, [Ca(ours), .. Store(ours.Issue("late", days: 5))]), StringComparison.Ordinal);
        Assert.Empty(registry.Asked);
    }

    [Fact]
    public async Task Nobody_there_is_no_matter_of_certificates()
    {
        string url;
        await using (var front = Front(ours.Issue("registry")))
        {
            url = front.Url;
        }

        var problem = await ProblemAsync(url, Ca(ours));
        Assert.Contains("cannot be reached", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("certificate", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_cannot_be_used_are_told_with_their_key_and_without_their_password()
    {
        var withoutKey = X509CertificateLoader.LoadCertificate(ours.Certificate.Export(X509ContentType.Cert)).Export(X509ContentType.Pkcs12, TestAuthority.Password)!;
        (string Key, string Value) password = ("ssl.keystore.password", "another-word");
        Assert.All(
            [
                Problem(("ssl.keystore.location", Kept("good.p12", ours.Issue("a"))), password), Problem(("ssl.keystore.location", Kept("good.p12", ours.Issue("a")))),
                Problem(Store(withoutKey)), Problem(("ssl.keystore.location", Kept("text.p12", "no store")), password), Problem(("ssl.keystore.location", "/nowhere/a.p12"), password),
            ],
            told =>
            {
                Assert.StartsWith("SchemaRegistry:SslKeystoreLocation must be a file of one certificate with its private key in PKCS#12, which SchemaRegistry:SslKeystorePassword opens, but /", told, StringComparison.Ordinal);
                Assert.DoesNotContain("another-word", told, StringComparison.Ordinal);
                Assert.DoesNotContain(TestAuthority.Password, told, StringComparison.Ordinal);
            });
        Assert.All(
            [Problem(("ssl.ca.location", "/nowhere/ca.pem")), Problem(("ssl.ca.location", Kept("empty.pem", ""))), Problem(("ssl.ca.location", Kept("text.pem", "no certificate"))), Problem(("ssl.ca.location", folder.FullName))],
            told => Assert.StartsWith("SchemaRegistry:SslCaLocation must be a file of certificates in PEM, but /", told, StringComparison.Ordinal));
    }

    static Task<string?> ProblemAsync(TlsFront front, params (string Key, string Value)[] settings) => ProblemAsync(front.Url, settings);

    static Task<string?> ProblemAsync(string url, params (string Key, string Value)[] settings) => RegistryLook.ProblemAsync(TestAuthority.Password, url, settings);

    static string Problem(params (string Key, string Value)[] settings) => Assert.Single(RegistryLook.Options("https://127.0.0.1:1", settings).Problems("SchemaRegistry"));

    TlsFront Front(byte[] store, TestAuthority? wanted = null, params X509Certificate2[] sent) =>
        TlsFront.Before(registry, X509CertificateLoader.LoadPkcs12(store, TestAuthority.Password), wanted, sent);

    (string, string) Ca(TestAuthority authority) => ("ssl.ca.location", Kept($"{authority.Certificate.Subject}.pem", Pem(authority)));

    (string, string)[] Store(byte[] content) => [("ssl.keystore.location", Kept("own.p12", content)), ("ssl.keystore.password", TestAuthority.Password)];

    static string Pem(TestAuthority authority) => authority.Certificate.ExportCertificatePem() + "\n";

    string Kept(string name, string content) => Kept(name, Encoding.UTF8.GetBytes(content));

    string Kept(string name, byte[] content)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllBytes(path, content);
        return path;
    }
}
