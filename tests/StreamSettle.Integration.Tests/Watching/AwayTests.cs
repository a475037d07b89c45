using System.Net;
using System.Text.Json;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Watching;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Sandbox.Postgres;
using Xunit;

namespace StreamSettle.Integration.Tests.Watching;

public class AwayTests
{
    static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(90);

    const int Ready = 9001;

    static readonly int[] Lost = [9010, 9012, 9002];
    static readonly int[] Found = [9011, 9013, 9008];

    [Fact]
    public async Task A_database_that_goes_away_and_comes_back_is_told_of_once_and_shown_as_what_it_is()
    {
        TestPostgres.Require();
        await using var server = await PrivatePostgres.StartAsync(new() { SharedBuffersMb = 64 });
        await using var world = await World.CreateAsync(server.ConnectionString, TimeSpan.FromSeconds(1));
        world.Settings["Logging:Console:FormatterName"] = "json";
        await using var service = world.Run();
        await service.ReadyAsync();
        await Until.TrueAsync(() => Ids(service).Contains(Ready), "it is said that marks fire", seen: () => service.Tail);
        Assert.Empty(Ids(service).Intersect(Lost));

        await server.StopAsync(crash: true);
        StatusAnswer? last = null;
        await Until.TrueAsync(
            async () => (last = await service.StatusAsync()) is { Ready: false, Source.Health: Health.Bad, Audit: { Health: Health.Bad, State: "away" } }, "it is shown that both are away", SeenWithin, () => $"{last}\n{service.Tail}");
        await Until.TrueAsync(() => Lost.All(id => Ids(service).Contains(id)), "each is said", SeenWithin, () => service.Tail);
        var (status, text) = await service.AskAsync("/api/v1/orders/42");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("event log", text, StringComparison.Ordinal);
        Assert.Contains("\"status\":503", text, StringComparison.Ordinal);

        await server.StartAgainAsync();
        await service.ReadyAsync(SeenWithin);
        await Until.TrueAsync(() => Found.All(id => Ids(service).Contains(id)), "each is said to be back", SeenWithin, () => service.Tail);
        await Until.TrueAsync(async () => (last = await service.StatusAsync()) is { Source.Health: Health.Good, Audit.Health: Health.Good }, "all is well", SeenWithin, () => $"{last}");
        Assert.All(Lost.Concat(Found), id => Assert.Single(Ids(service), id));
    }

    /// <summary>Of the lines so far: each is one JSON object.</summary>
    static List<int> Ids(ServiceProcess service) =>
        [.. service.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("EventId").GetInt32())];
}
