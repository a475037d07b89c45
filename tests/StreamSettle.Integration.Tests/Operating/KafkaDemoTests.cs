using System.Runtime.Versioning;
using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Integration.Tests.Operating;

/// <summary>The demo on Kafka when it is cut off, or cannot begin. That it settles is <see cref="Quoted.ReadmeTests"/>' to show.</summary>
public class KafkaDemoTests
{
    [Fact]
    [Trait("Category", "Soak")]
    [UnsupportedOSPlatform("windows")]
    public Task A_stop_while_its_servers_start_leaves_nothing_behind() => DemoTests.LeavesNothingBehindAsync(
        "starting Connect", TimeSpan.FromSeconds(2), closes: false, KafkaDownload.Require(), "demo", "--kafka", "--orders", "200", "--no-browser");

    [Fact]
    [Trait("Category", "Soak")]
    [UnsupportedOSPlatform("windows")]
    public Task A_closed_terminal_while_an_instance_is_missed_leaves_nothing_behind() => DemoTests.LeavesNothingBehindAsync(
        "was killed", TimeSpan.FromSeconds(1), closes: true, KafkaDownload.Require(), "demo", "--kafka", "--orders", "2000", "--no-browser");

    [Theory]
    [InlineData("", "", "there is no Kafka")]
    [InlineData("/nowhere", "", "/nowhere is no Kafka download")]
    [InlineData(null, "/nowhere", "/nowhere has no debezium-connector-postgres")]
    public async Task What_is_missing_is_said_with_how_to_get_it(string? home, string plugins, string says)
    {
        var download = home is null ? KafkaDownload.Require()["KAFKA_HOME"] : home;
        Dictionary<string, string> environment = new() { ["KAFKA_HOME"] = download, ["CONNECT_PLUGIN_PATH"] = plugins };
        await using var demo = ServiceProcess.Start(Path.GetTempPath(), environment, "demo", "--kafka");

        Assert.Equal(1, await demo.ExitAsync());
        Assert.Contains(says, demo.Errors, StringComparison.Ordinal);
        Assert.Contains("docker compose", demo.Errors, StringComparison.Ordinal);
        Assert.Equal("", demo.Output);
    }
}
