using System.Diagnostics;
using System.Globalization;
using StreamSettle.Cluster.Tests.Around;
using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Kafka.Tests.Broker;
using Xunit;

namespace StreamSettle.Cluster.Tests;

/// <summary>
/// The only broker goes away under two instances at work, and comes back. Kafka 4.2 and 4.3 may leave transactions undecided for ever by that (KAFKA-20734, decision 0040): then it is told, and the
/// test has no more to ask. What is asked of a cluster of three, <see cref="ThreeBrokersTests"/> ask.
/// </summary>
[Collection(ConnectTests.Name)]
public sealed class BrokerTests(TestPostgres postgres, ConnectWorker connect)
{
    /// <summary>Marks that pass in vain.</summary>
    const int Passed = 30;

    /// <summary>The default of <c>Kafka:TransactionTimeout</c>; a session is 6 s here.</summary>
    static readonly TimeSpan TransactionTimeout = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("Native")]
    [InlineData("Streamiz")]
    [Trait("Category", "Soak")]
    public Task A_broker_that_is_stopped_and_one_that_is_killed_cost_nothing_but_time(string host) => SurviveAsync(restarts: 2, host);

    [Fact]
    [Trait("Category", "Soak")]
    public Task Five_restarts_of_the_broker_cost_nothing_but_time() => SurviveAsync(restarts: 5, "Native");

    /// <summary>
    /// Longer than a session and than a transaction may last. One instance dies meanwhile, and cannot come back before the broker has. A killed broker may leave transactions undecided, and then
    /// nobody comes back; one that stood still ends them when it goes on.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Category", "Soak")]
    public async Task A_broker_that_is_away_for_longer_than_sessions_and_transactions_last_costs_nothing_but_time(bool isKilled)
    {
        var server = connect.Broker.Server;
        await using var load = await Load.StartAsync(postgres, connect, Seeds.Next("broker away"));
        var away = Stopwatch.StartNew();
        await LeaveAsync(server, isKilled);
        await NobodyIsReadyAsync(load);
        await load.KillAsync(2);
        await using (var early = load.Cluster.Run(2))
        {
            Assert.Equal(3, await early.ExitAsync(Load.Patience));
            Assert.Contains($"the brokers at {server.Bootstrap} do not", early.Tail, StringComparison.Ordinal);
        }

        var atRest = await load.AtRestAsync();
        await Until.TrueAsync(() => away.Elapsed > 2 * TransactionTimeout, "every transaction has timed out", Load.Patience);
        await load.MarksPassAsync(Passed);
        Assert.Equal(atRest, load.Calls);
        await ReturnAsync(server, isKilled);
        if (await load.GoesOnOrTellsAsync() is not { } took)
        {
            Assert.True(isKilled, $"a broker that only stood still left transactions undecided\n{load.Said()}");
            Console.WriteLine("broker away: it left transactions undecided, which is told");
            return;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"broker away for {away.Elapsed.TotalSeconds:F0} s: settled again {took.TotalSeconds:F1} s after it was back"));
        await load.RunAsync(2);
        await load.GoesOnAsync();
        await load.SoundAsync();
    }

    static async Task LeaveAsync(BrokerServer server, bool isKilled)
    {
        if (isKilled)
        {
            await server.KillAsync();
        }
        else
        {
            server.Freeze();
        }
    }

    static async Task ReturnAsync(BrokerServer server, bool isKilled)
    {
        if (isKilled)
        {
            await server.StartAgainAsync();
        }
        else
        {
            server.Thaw();
        }
    }

    async Task SurviveAsync(int restarts, string host)
    {
        var server = connect.Broker.Server;
        await using var load = await Load.StartAsync(postgres, connect, Seeds.Next("broker"), host: host);
        for (var restart = 0; restart < restarts; restart++)
        {
            var isKilled = restart % 2 == 1;
            await (isKilled ? server.KillAsync() : server.StopAsync());
            await NobodyIsReadyAsync(load);
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

    static Task NobodyIsReadyAsync(Load load) => Until.TrueAsync(
        async () => (await Task.WhenAll(load.Running.Values.Select(service => service.IsReadyAsync()))).All(ready => !ready), "nobody is ready", Load.Patience, load.Said);
}
