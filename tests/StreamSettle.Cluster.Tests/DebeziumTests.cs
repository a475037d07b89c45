using System.Net;
using StreamSettle.Cluster.Tests.Around;
using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Kernel.Calls;
using StreamSettle.Sandbox.Shop;
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

    [Fact]
    [Trait("Category", "Soak")]
    public async Task A_copy_that_was_made_anew_while_nothing_ran_stops_firing_until_a_person_has_looked()
    {
        await using var cluster = await ClusterWorld.CreateAsync(postgres, connect, TimeSpan.FromSeconds(5));
        await cluster.World.SellAsync(cluster.World.Shop(20) with { Fates = FateShares.None });
        await cluster.ApplyAsync();
        await using (var first = cluster.Run(1))
        {
            await first.ReadyAsync(Load.Patience);
            await cluster.SettledAsync(Load.Patience, first);
            first.Terminate();
            Assert.Equal(0, await first.ExitAsync(Load.Patience));
        }

        using var rest = new HttpClient { BaseAddress = new(connect.Url, $"connectors/{cluster.Connector}/") };
        (await rest.PutAsync(new Uri("stop", UriKind.Relative), null)).EnsureSuccessStatusCode();
        await Until.TrueAsync(async () => (await rest.DeleteAsync(new Uri("offsets", UriKind.Relative))).IsSuccessStatusCode, "the offsets are deleted", Load.Patience);
        await cluster.World.SellAsync(cluster.World.Shop(20) with { Fates = FateShares.None, FirstOrderId = 1_000 });
        (await rest.PutAsync(new Uri("resume", UriKind.Relative), null)).EnsureSuccessStatusCode();

        var told = "";
        await using (var second = cluster.Run(1))
        {
            await Until.TrueAsync(
                async () => (told = (await second.AskAsync("/health/ready")).Text).Contains("Source:Accepted=", StringComparison.Ordinal), "it says why it does not fire", Load.Patience, () => told + second.Tail);
            second.Kill();
            await second.ExitAsync();
        }

        int Called() => cluster.World.Downstreams.Effects.Snapshot().Count(effect => CallKey.TryParse(effect.Key, out var key) && key.Order.Value is >= 1_000 and < 1_020);
        Assert.Equal(0, Called());
        cluster.World.Settings["Source:Accepted"] = told.Split("Source:Accepted=")[1][..8];
        await using var third = cluster.Run(1);
        await third.ReadyAsync(Load.Patience);
        await cluster.SettledAsync(Load.Patience, third);
        Assert.NotEqual(0, Called());
        cluster.World.Away = Load.Patience;
        await cluster.World.SoundAsync();
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
