namespace StreamSettle.Schemas.Tests.Registry;

/// <summary>A registry that lets in only who has a token that is fetched, and our own certificate.</summary>
public sealed class GuardedRegistryTests : IAsyncDisposable
{
    const string Long = "\"long\"";

    readonly FakeRegistry registry = FakeRegistry.Start();
    readonly TestAuthority ours = new("Ours");
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("streamsettle-registry-");

    public GuardedRegistryTests() => registry.Put(1, Long);

    public async ValueTask DisposeAsync()
    {
        await registry.DisposeAsync();
        ours.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public void A_store_whose_password_is_wrong_is_told_before_anything_is_asked()
    {
        var options = RegistryLook.Options("https://localhost:1", ("ssl.keystore.location", Store(ours, "streamsettle")), ("ssl.keystore.password", "another"));
        Assert.Contains("SslKeystorePassword", Assert.Single(options.Problems("SchemaRegistry")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_fetched_with_our_secret_and_shown()
    {
        registry.Answer("POST token", 200, """{"access_token":"t-1","token_type":"Bearer","expires_in":3600}""");
        Assert.Null(await RegistryLook.ProblemAsync("s3cret", registry.Url.ToString(), OAuth("token")));
        Assert.Equal("Bearer t-1", registry.Authorization);
    }

    [Theory]
    [InlineData(401, """{"error":"invalid_client"}""")]
    [InlineData(503, "")]
    public async Task A_token_that_is_not_given_is_told_and_waited_for(int status, string body)
    {
        registry.Answer("POST token", status, body);
        Assert.StartsWith("the schema registry at", await RegistryLook.ProblemAsync("s3cret", registry.Url.ToString(), OAuth("token")), StringComparison.Ordinal);
        Assert.DoesNotContain("schemas/ids/0", registry.Asked);
    }

    (string, string)[] OAuth(string path) =>
    [
        ("bearer.auth.credentials.source", "OAUTHBEARER"), ("bearer.auth.client.id", "settle"), ("bearer.auth.client.secret", "s3cret"), ("bearer.auth.scope", "schemas"),
        ("bearer.auth.token.endpoint.url", $"{registry.Url}{path}"), ("bearer.auth.logical.cluster", "lsrc-1"), ("bearer.auth.identity.pool.id", "pool-1"),
    ];

    string Store(TestAuthority authority, string name) => Kept($"{name}.p12", authority.Issue(name));

    string Kept(string name, byte[] content)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllBytes(path, content);
        return path;
    }
}
