using System.Globalization;
using StreamSettle.Cluster.Tests.Around;
using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Kafka.Tests.Broker;
using StreamSettle.Sandbox.Kafka;
using Xunit;

namespace StreamSettle.Cluster.Tests;

/// <summary>Kafka's own tools show what a Kafka operator expects, while the service runs.</summary>
[Collection(ConnectTests.Name)]
public sealed class ToolsTests(TestPostgres postgres, ConnectWorker connect)
{
    const int Partitions = 4;
    const int Threads = 2;

    [Fact]
    public async Task Groups_topics_transactions_and_segments_look_as_those_of_any_streams_application()
    {
        var server = connect.Broker.Server;
        await using var load = await Load.StartAsync(postgres, connect, Seeds.Next("tools"));
        var (application, source) = (load.Cluster.Application, load.World.Settings["Source:Topic"]);
        await ExpectGroupAsync(application, $"{source}.public.orders");

        var topics = await RunAsync("kafka-topics.sh", [.. At(), "--describe"]);
        ExpectTopic(topics, $"{application}-open-orders-changelog", "cleanup.policy=compact");
        ExpectTopic(topics, $"{application}-due-orders-repartition", "cleanup.policy=delete", "retention.ms=-1");
        ExpectTopic(topics, $"{source}.public.merchants", "cleanup.policy=compact");

        // A thread of each kind that commits by itself, of each instance, by two ids.
        var transactions = Rows(await RunAsync("kafka-transactions.sh", [.. At(), "list"])).Where(row => row[0].StartsWith(application, StringComparison.Ordinal)).ToList();
        Assert.Equal(2 * 2 * Threads, transactions.Count(row => row[0].Contains($"-{application}-StreamThread-", StringComparison.Ordinal)));

        var segment = Directory.GetFiles(Path.Combine(server.LogsFolder, $"{application}-settlement-events-0"), "*.log").Order(StringComparer.Ordinal).Last();
        var dump = await RunAsync("kafka-dump-log.sh", ["--files", segment, "--print-data-log"]);
        Assert.Contains("isTransactional: true", dump, StringComparison.Ordinal);
        Assert.Contains("endTxnMarker: COMMIT", dump, StringComparison.Ordinal);
        await load.SoundAsync();
    }

    /// <summary>Lag of every topic that is consumed, and an owner of each partition of the lead topic.</summary>
    async Task ExpectGroupAsync(string application, string orders)
    {
        // The tool refuses a group that is rebalancing just now.
        var told = "";
        await Until.TrueAsync(async () => (told = await RunAsync("kafka-consumer-groups.sh", [.. At(), "--describe", "--group", application])).Contains(orders, StringComparison.Ordinal), "the group is described", Load.Patience, () => told);
        var rows = Rows(told).Where(row => row.Length >= 7 && row[0] == application).ToList();
        foreach (var topic in new[] { orders, $"{application}-due-orders-repartition", $"{application}-delivery-results-repartition" })
        {
            var partitions = rows.Where(row => row[1] == topic).ToList();
            Assert.Equal(Enumerable.Range(0, Partitions), partitions.Select(row => int.Parse(row[2], CultureInfo.InvariantCulture)).Order());
            Assert.All(partitions, row => Assert.InRange(long.Parse(row[5], CultureInfo.InvariantCulture), 0, long.MaxValue));
        }

        var owned = rows.Where(row => row[6].StartsWith($"{application}-", StringComparison.Ordinal)).ToList();
        Assert.Single(owned.Select(row => row[1]).Distinct());
        Assert.Equal(Enumerable.Range(0, Partitions), owned.Select(row => int.Parse(row[2], CultureInfo.InvariantCulture)).Order());
    }

    static void ExpectTopic(string topics, string name, params string[] settings)
    {
        var line = Assert.Single(topics.Split('\n'), line => line.StartsWith($"Topic: {name}\t", StringComparison.Ordinal));
        Assert.Contains($"PartitionCount: {Partitions}", line, StringComparison.Ordinal);
        Assert.All(settings, setting => Assert.Contains(setting, line, StringComparison.Ordinal));
    }

    static IEnumerable<string[]> Rows(string told) => told.Split('\n').Select(line => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).Where(row => row.Length > 0);

    string[] At() => ["--bootstrap-server", connect.Broker.Bootstrap];

    async Task<string> RunAsync(string program, string[] arguments)
    {
        await using var tool = KafkaProgram.Start(Path.Combine(connect.Broker.Home!, "bin", program), arguments, connect.Broker.Folder, new());
        return string.Join('\n', await tool.SucceedAsync(CancellationToken.None));
    }
}
