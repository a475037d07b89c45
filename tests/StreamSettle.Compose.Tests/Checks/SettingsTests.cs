using Microsoft.Extensions.Configuration;
using StreamSettle.App.Configuration;
using StreamSettle.Compose.Tests.Files;
using Xunit;

namespace StreamSettle.Compose.Tests.Checks;

/// <summary>What the file gives to the program: keys that it knows, values that it takes.</summary>
public class SettingsTests
{
    static readonly ComposeFile Compose = ComposeFile.Read();

    public static TheoryData<string> OurServices => [.. Compose.Services.Where(service => service.Value.ContainsKey("build")).Select(service => service.Key)];

    [Fact]
    public void The_services_of_our_image_are_looked_at() => Assert.Equal(["connectors", "downstreams", "shop", "streamsettle", "streamsettle-2"], OurServices.Select(row => row.Data).Order());

    [Theory]
    [MemberData(nameof(OurServices))]
    public void Every_variable_is_a_key_that_the_program_knows(string service) => Assert.Empty(UnknownKeys.Of(Settings(service), ServiceOptionsReader.Keys()));

    [Fact]
    public void A_misspelt_key_would_be_found() =>
        Assert.NotEmpty(UnknownKeys.Of(new ConfigurationBuilder().AddInMemoryCollection([new("Source:PasswordFille", "x")]).Build(), ServiceOptionsReader.Keys()));

    [Fact]
    public void Two_instances_differ_in_what_must_differ_and_in_nothing_else()
    {
        var (first, second) = (Compose.Environment("streamsettle"), Compose.Environment("streamsettle-2"));

        Assert.Equal(["Kafka__InstanceId", "Kafka__AdvertisedUrl"], first.Keys.Union(second.Keys).Where(key => first.GetValueOrDefault(key) != second.GetValueOrDefault(key)));
        Assert.All(["streamsettle", "streamsettle-2"], name => Assert.Equal($"http://{name}:8787", Compose.Environment(name)["Kafka__AdvertisedUrl"]));
        Assert.Empty(Writable("streamsettle").Intersect(Writable("streamsettle-2")));
    }

    [Fact]
    public void Connect_and_the_service_read_one_shop_by_one_way()
    {
        var (apply, run) = (Compose.Environment("connectors"), Compose.Environment("streamsettle"));

        Assert.All(["Source__ConnectionString", "Source__PasswordFile", "Source__Topic", "Source__Format", "Partitions", "Connect__Url", "SchemaRegistry__Url"], key => Assert.Equal(apply[key], run[key]));
    }

    [Fact]
    public void With_Avro_service_and_converter_ask_the_registry_of_its_profile()
    {
        var compose = ComposeFile.Read(new Dictionary<string, string>(EnvExample.Variables.ToDictionary(pair => pair.Key, pair => pair.Value.Length > 0 ? pair.Value : "x")) { ["SOURCE_FORMAT"] = "Avro" });
        var settings = Settings(compose, "connectors");
        var reader = new ConfigurationReader(settings);
        var registry = new Uri(RegistryOptionsReader.Read(reader, isUsed: true, isNeeded: true)!.Address);

        Assert.Equal("shop-avro", ConnectOptionsReader.Read(reader, needed: true)!.Connector);
        Assert.Equal(["avro"], compose.List(registry.Host, "profiles"));
        Assert.Equal(registry.GetLeftPart(UriPartial.Authority), new Uri(settings["Connect:RegistryUrl"]!).GetLeftPart(UriPartial.Authority));
        Assert.EndsWith($":{registry.Port}", Assert.Single(compose.List(registry.Host, "ports")), StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1/{registry.Port} ", compose.Service(registry.Host)["healthcheck"]!["test"]!.AsArray()[^1]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains($"GET {registry.AbsolutePath}/", compose.Service(registry.Host)["healthcheck"]!["test"]!.AsArray()[^1]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.True(compose.Service("connectors")["depends_on"]!.AsObject().ContainsKey(registry.Host));
    }

    static IEnumerable<string> Writable(string service) => Compose.List(service, "volumes").Where(volume => !volume.EndsWith(":ro", StringComparison.Ordinal));

    static IConfiguration Settings(string service) => Settings(Compose, service);

    static IConfiguration Settings(ComposeFile compose, string service) => new ConfigurationBuilder()
        .AddInMemoryCollection(compose.Environment(service).Select(pair => KeyValuePair.Create(pair.Key.Replace("__", ":", StringComparison.Ordinal), (string?)pair.Value))).Build();
}
