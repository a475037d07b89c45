using StreamSettle.Kafka.Tests.Broker;

namespace StreamSettle.Kafka.Tests.Hosted;

/// <summary>
/// Of three brokers one after the other goes away under two instances at work, and comes back: leaders of partitions and coordinators of groups and transactions
/// move. One broker alone is no example: with Kafka 4.2 and 4.3 its restart can leave transactions undecided for ever (KAFKA-20734, <c>docs/kafka.md</c>).
/// </summary>
public abstract class BrokerRules(KafkaBroker broker)
{
    const int Some = 200;

    static readonly TimeSpan AwayMost = TimeSpan.FromSeconds(10);

    /// <summary>Each restart, whatever was in transit at it, costs nothing but time.</summary>
    protected async Task RestartOneOfThreeAsync(int restarts)
    {
        _ = broker.Server;
        var random = new Random(Seeds.Next(nameof(BrokerRules)));
        await using var cluster = await BrokerCluster.StartAsync(broker.Home!, Path.Combine(broker.Folder, "three"));
        await using var orders = new Orders(cluster.Bootstrap, broker.NewName("orders"), broker.Folder, partitions: 4) { SessionTimeout = TimeSpan.FromSeconds(6), Standbys = 1, Threads = 2 };
        var running = new[] { "one", "two" }.Select(name => orders.Start(name)).ToArray();
        orders.WaitUntilRunning(running);
        for (var restart = 0; restart < restarts; restart++)
        {
            orders.Send(Some, later: TimeSpan.FromSeconds(random.Next(3)));
            orders.Send(Some, later: AwayMost);
            var server = cluster.Servers[random.Next(cluster.Servers.Count)];
            await (random.Next(2) == 0 ? server.StopAsync() : server.KillAsync());
            orders.Rest(random.NextDouble() * AwayMost);
            orders.Send(Some);
            await server.StartAgainAsync();
            orders.ExpectAllFiredOnce();
            orders.WaitUntilRunning(running);
        }
    }
}
