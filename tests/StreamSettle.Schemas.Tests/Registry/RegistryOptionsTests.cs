using StreamSettle.Schemas.Registry;

namespace StreamSettle.Schemas.Tests.Registry;

public class RegistryOptionsTests
{
    [Theory]
    [InlineData("url", "", "SchemaRegistry:Url must be the addresses of the schema registry")]
    [InlineData("url", "registry:8081", "but has 'registry:8081'")]
    [InlineData("url", "http://a:8081,ftp://b", "but has 'ftp://b'")]
    [InlineData("url", "http://me:word@a:8081", "but has 'http://a:8081/'. User and password belong into SchemaRegistry:BasicAuthUserInfoFile.")]
    [InlineData("colour", "blue", "SchemaRegistry:colour is no setting of the registry's client")]
    [InlineData("request.timeout.ms", "soon", "SchemaRegistry:request.timeout.ms must be a whole number from 1")]
    [InlineData("max.retries", "0", "SchemaRegistry:max.retries must be a whole number from 1")]
    [InlineData("basic.auth.user.info", "the-secret", "must be of the form 'username:password'")]
    [InlineData("basic.auth.credentials.source", "SASL_INHERIT", "'sasl.username' property not specified")]
    [InlineData("bearer.auth.credentials.source", "STATIC_TOKEN", "bearer")]
    [InlineData("ssl.ca.location", "/nowhere/ca.pem", "SchemaRegistry:SslCaLocation must be a file of certificates in PEM, but /nowhere/ca.pem cannot be used")]
    [InlineData("enable.ssl.certificate.verification", "perhaps", "must be a bool")]
    public void A_mistake_is_told_with_its_key_and_without_secrets(string key, string value, string problem)
    {
        var settings = new Dictionary<string, string> { ["schema.registry.url"] = "https://registry:8081", ["schema.registry." + key] = value };

        var told = Assert.Single(new RegistryOptions { Client = settings }.Problems("SchemaRegistry"));

        Assert.Contains(problem, told, StringComparison.Ordinal);
        Assert.DoesNotContain("word@", told, StringComparison.Ordinal);
        Assert.DoesNotContain("the-secret", told, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_addresses_are_good() =>
        Assert.Empty(new RegistryOptions { Client = new Dictionary<string, string> { ["schema.registry.url"] = "http://a:8081, https://b/apis/ccompat/v7" } }.Problems("SchemaRegistry"));
}
