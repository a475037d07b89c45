using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StreamSettle.Compose.Tests.Files;
using Xunit;

namespace StreamSettle.Compose.Tests.Checks;

/// <summary>What runs is what was looked at, with the rights that it needs.</summary>
public partial class HardeningTests
{
    static readonly ComposeFile Compose = ComposeFile.Read();

    public static TheoryData<string> Services => [.. Compose.Services.Select(service => service.Key)];

    public static TheoryData<string> OurServices => SettingsTests.OurServices;

    [Theory]
    [MemberData(nameof(Services))]
    public void An_image_is_of_one_release(string name) => Assert.Matches(Pinned(), Compose.Service(name)["image"]!.GetValue<string>());

    [Theory]
    [MemberData(nameof(Services))]
    public void No_service_has_rights_that_it_does_not_need(string name)
    {
        var service = Compose.Service(name);

        Assert.Equal(["ALL"], Compose.List(name, "cap_drop"));
        Assert.Contains("no-new-privileges:true", Compose.List(name, "security_opt"));
        Assert.All(["privileged", "network_mode", "pid", "devices"], key => Assert.False(service.ContainsKey(key), $"{name}: {key}"));
        Assert.True(name == "postgres" || Compose.List(name, "cap_add").Count == 0, name);
    }

    [Theory]
    [MemberData(nameof(OurServices))]
    public void Our_image_writes_nowhere_but_where_it_is_told(string name)
    {
        Assert.True(Compose.Service(name)["read_only"]!.GetValue<bool>());
        Assert.Equal(["/tmp:size=64m,mode=1777"], Compose.List(name, "tmpfs"));
        Assert.False(Compose.Service(name).ContainsKey("user"), "the image has its own");
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void A_service_that_stays_says_how_it_is(string name)
    {
        var service = Compose.Service(name);

        Assert.True(service.ContainsKey("healthcheck") || service["restart"]!.GetValue<string>() != "unless-stopped" || service["profiles"] is JsonArray, name);
    }

    [Fact]
    public void No_value_is_a_secret() => Assert.All(
        Compose.Services.SelectMany(service => Compose.Environment(service.Key)).Where(pair => SecretName().IsMatch(pair.Key)),
        pair => Assert.True(pair.Key.EndsWith("File", StringComparison.Ordinal) || pair.Key.EndsWith("_FILE", StringComparison.Ordinal) || pair.Key.EndsWith("__Hash", StringComparison.Ordinal) || pair.Key.EndsWith("__Role", StringComparison.Ordinal)
            || pair.Value == "${directory:/run/secrets:streamsettle_password}", pair.Key));

    [Fact]
    public void Connect_finds_the_shops_password_by_itself()
    {
        Assert.DoesNotContain(Compose.Services.SelectMany(service => Compose.Environment(service.Key)), pair => pair.Value.Contains("Password=", StringComparison.OrdinalIgnoreCase));
        Assert.Equal("${directory:/run/secrets:streamsettle_password}", Compose.Environment("connectors")["Connect__SourcePassword"]);
        Assert.Contains("streamsettle_password", Compose.List("connect", "secrets"));
    }

    [GeneratedRegex(@"^[a-z0-9./-]+:v?\d+\.\d+(\.\d+)?(\.Final)?(-[a-z]+)?$")]
    private static partial Regex Pinned();

    [GeneratedRegex("password|secret|__keys__|api_?key|token", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();
}
