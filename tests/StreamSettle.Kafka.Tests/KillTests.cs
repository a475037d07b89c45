using System.Diagnostics;
using StreamSettle.Kafka.Tests.Broker;
using StreamSettle.Kafka.Tests.Hosted;
using Xunit;

namespace StreamSettle.Kafka.Tests;

public class KillTests(KafkaBroker broker) : SleeperRules(broker)
{
    /// <summary>Sessions of six seconds and the work of a busy machine; sooner than a session of thirty would end.</summary>
    static readonly TimeSpan TakenOverWithin = TimeSpan.FromSeconds(25);

    [Fact]
    public async Task A_survivor_goes_on_soon_after_the_session_and_fires_each_order_once()
    {
        await using var orders = new Orders(Broker, partitions: 4) { SessionTimeout = TimeSpan.FromSeconds(6), Standbys = 1 };
        var killed = orders.Start("one");
        var survivor = orders.Start("two");
        orders.WaitUntilRunning(killed, survivor);
        orders.Send(Some);
        orders.Send(Some, later: TimeSpan.FromSeconds(3));
        orders.WaitFor(() => orders.Look() >= Some, "the first fire");

        killed.Kill();
        var started = Stopwatch.GetTimestamp();
        orders.Send(Some);
        orders.WaitUntilRunning(survivor);
        orders.ExpectAllFiredOnce();
        TestContext.Current.TestOutputHelper?.WriteLine($"all fired {Stopwatch.GetElapsedTime(started)} after the kill");
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TakenOverWithin);
    }

    [Fact]
    public async Task An_instance_that_stops_in_good_order_is_not_waited_for()
    {
        await using var orders = new Orders(Broker, partitions: 2) { SessionTimeout = TimeSpan.FromSeconds(30) };
        var stopped = orders.Start("one");
        var other = orders.Start("two");
        orders.WaitUntilRunning(stopped, other);
        orders.Send(Some);

        await stopped.StopAsync();
        var started = Stopwatch.GetTimestamp();
        orders.WaitUntilRunning(other);
        orders.ExpectAllFiredOnce();
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TakenOverWithin);
    }

    [Fact]
    public async Task One_that_slept_past_the_time_out_of_its_transactions_goes_on_by_itself()
    {
        await using var orders = new Orders(Broker, partitions: 2) { SessionTimeout = TimeSpan.FromSeconds(30), TransactionTimeout = TimeSpan.FromSeconds(1) };
        var sleeper = orders.Start("one");
        orders.WaitUntilRunning(sleeper);
        orders.Send(Some);
        sleeper.Freeze();
        var asleep = Stopwatch.GetTimestamp();
        orders.WaitFor(() => Stopwatch.GetElapsedTime(asleep) > TimeSpan.FromSeconds(3), "the transaction times out");
        sleeper.Thaw();

        orders.Send(Some);
        orders.ExpectAllFiredOnce();
    }

    [Fact]
    [Trait("Category", "Soak")]
    public async Task Twenty_kills_of_either_of_two_instances_lose_and_double_nothing()
    {
        var random = new Random(Seeds.Next(nameof(KillTests)));
        await using var orders = new Orders(Broker, partitions: 4) { Standbys = 1 };
        string[] names = ["one", "two"];
        var running = names.Select(name => orders.Start(name)).ToArray();
        orders.WaitUntilRunning(running);
        for (var kill = 0; kill < 20; kill++)
        {
            orders.Send(random.Next(Some), later: TimeSpan.FromMilliseconds(random.Next(3000)));
            orders.WaitFor(() => random.Next(5) == 0, "a moment passes");
            var at = random.Next(2);
            running[at].Kill();
            orders.Send(random.Next(Some));
            running[at] = orders.Start(names[at]);
        }

        orders.ExpectAllFiredOnce();
    }
}
