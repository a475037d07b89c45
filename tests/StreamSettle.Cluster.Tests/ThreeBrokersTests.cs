using System.Globalization;
using StreamSettle.Cluster.Tests.Around;
using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Kafka.Tests.Broker;
using Xunit;

namespace StreamSettle.Cluster.Tests;

/// <summary>What runs in production: three brokers, each with a copy of everything, two of which must have a record before it counts. Shop, Debezium and two instances are at work.</summary>
[Collection(ConnectTests.Name)]
public sealed class ThreeBrokersTests(TestPostgres postgres)
{
    [Fact]
    [Trait("Category", "Soak")]
    public async Task Each_of_three_brokers_is_killed_and_comes_back_and_the_work_goes_on_without_it()
    {
        await using var brokers = KafkaBroker.OfThree();
        await brokers.InitializeAsync();
        var servers = brokers.Cluster.Servers;
        await using var connect = new ConnectWorker(brokers);
        await using var load = await Load.StartAsync(postgres, connect, Seeds.Next("three brokers"));
        foreach (var server in servers)
        {
            await server.KillAsync();
            var took = await load.GoesOnAsync();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"a broker of three killed: settled again {took.TotalSeconds:F1} s after it"));
            await server.StartAgainAsync();
            await load.AllReadyAsync();
        }

        await load.SoundAsync();
    }
}
