using System.Globalization;
using StreamSettle.Cluster.Tests.Around;
using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Kafka.Tests.Broker;
using Xunit;

namespace StreamSettle.Cluster.Tests;

/// <summary>Kafka's own tools show what a Kafka operator expects, while the service runs.</summary>
[Collection(ConnectTests.Name)]
public sealed class ToolsTests(TestPostgres postgres, ConnectWorker connect)
{
    const int Partitions = 4;

    [Fact]
    public async Task Groups_topics_and_segments_look_as_those_of_any_streams_application()
    {
        await using var load = await Load.StartAsync(postgres, connect, Seeds.Next("tools"));
        var (application, source) = (load.Cluster.Application, load.World.Settings["Source:Topic"]);

        // The tool fails where the group is rebalancing just now.
        var group = "";
        await Until.TrueAsync(async () => (group = await RunAsync("kafka-consumer-groups.sh", "--describe", "--group", application)).Contains($"{source}.public.orders", StringComparison.Ordinal), "the group is described", Load.Patience, () => group);
        var rows = group.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(row => row.Length >= 9 && row[0] == application).ToList();
        var orders = rows.Where(row => row[1] == $"{source}.public.orders").ToList();
        Assert.Equal(Enumerable.Range(0, Partitions), orders.Select(row => int.Parse(row[2], CultureInfo.InvariantCulture)).Order());
        Assert.All(orders, row => Assert.InRange(long.Parse(row[3], CultureInfo.InvariantCulture) + long.Parse(row[5], CultureInfo.InvariantCulture), long.Parse(row[4], CultureInfo.InvariantCulture), long.MaxValue));
        Console.WriteLine(group);

        Console.WriteLine(await RunAsync("kafka-consumer-groups.sh", "--describe", "--group", application, "--members"));
        Console.WriteLine(await RunAsync("kafka-consumer-groups.sh", "--list"));
        Console.WriteLine(await RunAsync("kafka-topics.sh", "--describe"));
        Console.WriteLine(await RunAsync("kafka-transactions.sh", "list"));
        await load.SoundAsync();
    }

    async Task<string> RunAsync(string program, params string[] arguments)
    {
        var said = new List<string>();
        await using var tool = KafkaProgram.Start(connect.Broker.Home!, program, ["--bootstrap-server", connect.Broker.Bootstrap, .. arguments], connect.Broker.Folder, said.Add);
        await tool.ExitAsync();
        return string.Join('\n', said);
    }
}
