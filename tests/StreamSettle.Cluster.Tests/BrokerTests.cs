using System.Globalization;
using StreamSettle.Cluster.Tests.Around;
using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Cluster.Tests;

/// <summary>
/// The only broker goes away under two instances at work, and comes back. Kafka 4.2 and 4.3 may leave transactions undecided for ever by that (KAFKA-20734, decision 0040): then it is told, and the
/// test has no more to ask. What is asked of a cluster of three, <c>StreamSettle.Kafka.Tests</c> asks.
/// </summary>
[Collection(ConnectTests.Name)]
public sealed class BrokerTests(TestPostgres postgres, ConnectWorker connect)
{
    /// <summary>Marks that pass in vain.</summary>
    const int Passed = 30;

    [Fact]
    [Trait("Category", "Soak")]
    public Task A_broker_that_is_stopped_and_one_that_is_killed_cost_nothing_but_time() => SurviveAsync(restarts: 2);

    [Fact]
    [Trait("Category", "Soak")]
    public Task Five_restarts_of_the_broker_cost_nothing_but_time() => SurviveAsync(restarts: 5);

    async Task SurviveAsync(int restarts)
    {
        var server = connect.Broker.Server;
        await using var load = await Load.StartAsync(postgres, connect, Seeds.Next("broker"));
        for (var restart = 0; restart < restarts; restart++)
        {
            var isKilled = restart % 2 == 1;
            await (isKilled ? server.KillAsync() : server.StopAsync());
            await Until.TrueAsync(async () => (await Task.WhenAll(load.Running.Values.Select(service => service.IsReadyAsync()))).All(ready => !ready), "nobody is ready", Load.Patience, load.Said);

            var atRest = await load.AtRestAsync();
            await load.MarksPassAsync(Passed);
            Assert.Equal(atRest, load.Calls);
            await server.StartAgainAsync();
            if (await load.GoesOnOrTellsAsync() is not { } took)
            {
                Console.WriteLine($"broker {(isKilled ? "killed" : "stopped")}: it left transactions undecided, which is told");
                return;
            }

            await load.AllReadyAsync();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"broker {(isKilled ? "killed" : "stopped")}: settled again {took.TotalSeconds:F1} s after it was back"));
        }

        Assert.All(load.Running.Values, service => Assert.False(service.HasExited, service.Tail));
        await load.SoundAsync();
    }
}
