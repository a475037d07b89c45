using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSettle.Connectors.Connect;
using StreamSettle.Connectors.Debezium.Following;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Connectors.Tests.Connect;

public class ConnectorWatchTests
{
    const string Failed = """{"name":"shop-json","connector":{"state":"RUNNING","worker_id":"w"},"tasks":[{"id":0,"state":"FAILED","worker_id":"w","trace":"A: broken"}]}""";

    static readonly DebeziumOptions Options = new(
        new EmbeddedCdcOptions { ConnectionString = "Host=db;Database=shop;Username=settle", StatusInterval = TimeSpan.FromHours(1) },
        new() { Url = new("http://connect:8083"), Directory = Path.Combine(AppContext.BaseDirectory, "connectors") });

    readonly VirtualTime time = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public async Task What_has_failed_is_restarted_with_growing_pauses_and_told_meanwhile()
    {
        var answers = new Answers((HttpStatusCode.OK, Config()), (HttpStatusCode.OK, Failed));
        using var client = new ConnectClient(Options.Connect.Url, time, answers);
        var watch = new ConnectorWatch(client, Options, time, NullLogger.Instance);
        List<int> restartedAfter = [];
        for (var second = 0; second < 60; second++)
        {
            var view = Assert.IsType<ConnectorView.Wrong>(await watch.LookAsync("shop", "settle", default));
            Assert.Contains("its task 0 is FAILED: A: broken", view.Reason, StringComparison.Ordinal);
            if (answers.Asked[^1].StartsWith("POST", StringComparison.Ordinal))
            {
                Assert.Equal("POST /connectors/shop-json/restart?includeTasks=true&onlyFailed=true", answers.Asked[^1]);
                restartedAfter.Add(second);
            }

            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([5, 16, 37], restartedAfter);
    }

    [Fact]
    public async Task Connect_that_is_away_and_a_connector_that_is_missing_are_told_apart()
    {
        using var away = new ConnectClient(Options.Connect.Url, time, new Answers((0, "")));
        using var without = new ConnectClient(Options.Connect.Url, time, new Answers((HttpStatusCode.NotFound, """{"error_code":404,"message":"Connector shop-json not found"}""")));

        Assert.IsType<ConnectorView.Away>(await Watch(away).LookAsync("shop", "settle", default));
        Assert.Contains("connectors apply", Assert.IsType<ConnectorView.Absent>(await Watch(without).LookAsync("shop", "settle", default)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_points_that_wait_the_youngest_one_that_was_reached_counts()
    {
        var awaited = new AwaitedPoints();
        awaited.Add(1, 10, [1]);
        awaited.Add(2, 20, [2]);
        awaited.Add(3, 30, [3]);

        Assert.Null(awaited.Reached(9));
        Assert.Equal(2, awaited.Reached(29)!.Value.At);
        Assert.Equal(3, awaited.OldestAt);
        Assert.Null(awaited.Reached(29));
    }

    ConnectorWatch Watch(ConnectClient client) => new(client, Options, time, NullLogger.Instance);

    static string Config() =>
        JsonSerializer.Serialize(new ConnectorFile(Options.Connect.Directory, new ConnectorValues(Options.Source, _ => null).Of).Read("shop-json").Config);
}
