using System.Net;
using StreamSettle.Cluster.Tests.Around;
using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Cluster.Tests;

/// <summary>What brings the changes fails under two instances at work.</summary>
[Collection(ConnectTests.Name)]
public sealed class DebeziumTests(TestPostgres postgres, ConnectWorker connect)
{
    [Fact]
    [Trait("Category", "Soak")]
    public async Task Connect_that_is_killed_costs_nothing_but_time_and_what_a_dropped_slot_left_out_stops_firing()
    {
        await using var load = await Load.StartAsync(postgres, connect, Seeds.Next("connect"));
        await connect.KillAsync();
        await ExpectNothingFiredAsync(load, "Kafka Connect", firstOrder: 70_000_001);
        (await connect.ClientAsync()).Dispose();
        await load.GoesOnAsync();
        await load.SoundAsync();

        // Debezium holds its slot while it runs.
        await connect.KillAsync();
        var slot = load.World.Settings["Source:SlotName"];
        await Until.TrueAsync(async () => await load.World.QueryAsync<long>($"select count(*) from pg_replication_slots where slot_name = '{slot}' and not active") == 1, "the slot is let go");
        await load.World.ExecuteAsync($"select pg_drop_replication_slot('{slot}')");
        (await connect.ClientAsync()).Dispose();
        await ExpectNothingFiredAsync(load, "no longer available on the server", firstOrder: 80_000_001);
    }

    /// <summary>Each instance says why, and marks pass in vain.</summary>
    static async Task ExpectNothingFiredAsync(Load load, string because, long firstOrder)
    {
        var said = "";
        await Until.TrueAsync(
            async () =>
            {
                var answers = await Task.WhenAll(load.Running.Values.Select(service => service.AskAsync("/health/ready")));
                said = string.Join('\n', answers.Select(answer => answer.Text));
                return answers.All(answer => answer.Status == HttpStatusCode.ServiceUnavailable && answer.Text.Contains(because, StringComparison.Ordinal));
            },
            $"nobody is ready because of {because}", Load.Patience, () => said);
        var atRest = await load.AtRestAsync();

        // Counted from before the sale: on a busy machine it may take longer than a mark.
        var marks = load.MarksPassAsync(30);
        await load.World.SellAsync(load.World.Shop(50) with { FirstOrderId = firstOrder });
        await marks;
        Assert.Equal(atRest, load.Calls);
    }
}
