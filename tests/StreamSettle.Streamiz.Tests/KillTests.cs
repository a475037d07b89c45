using StreamSettle.Kafka.Tests.Broker;
using StreamSettle.Kafka.Tests.Hosted;
using Xunit;

namespace StreamSettle.Streamiz.Tests;

/// <summary>Instances hosted by Streamiz on a real broker, each a process of its own: killed, put to sleep, woken. Each order fires once and counts once.</summary>
public class KillTests(KafkaBroker broker) : SleeperRules(broker)
{
    /// <summary>Orders enough that reading them back takes a while.</summary>
    const int Many = 100 * Some;

    const int Kills = 4;

    /// <summary>A setting of the clients with which it takes longer.</summary>
    const string SmallFetches = "fetch.message.max.bytes=20000";

    /// <summary>The log's words when a store begins to be read back, and when it is whole (<c>docs/operations.md</c>).</summary>
    const int StoreIsRestored = 2206;
    const int StoreHasRestored = 2202;

    [Fact]
    public async Task A_survivor_fires_each_order_once_after_kill_9()
    {
        await using var orders = new Orders(Broker, partitions: 2);
        var killed = orders.Start("one");
        var survivor = orders.Start("two");
        orders.WaitUntilRunning(killed, survivor);
        orders.Send(Some);
        orders.Send(Some, later: TimeSpan.FromSeconds(1));
        orders.WaitFor(() => orders.Look() >= Some, "the first fire");

        killed.Kill();
        orders.Send(Some);
        orders.WaitUntilRunning(survivor);
        orders.ExpectAllFiredOnce();
        await survivor.StopAsync();
    }

    [Fact]
    [Trait("Category", "Soak")]
    public async Task At_least_once_nothing_is_lost_by_kills()
    {
        await using var orders = new Orders(Broker, partitions: 2) { ExactlyOnce = false };
        for (var kill = 0; kill < Kills; kill++)
        {
            var killed = orders.Start("one");
            orders.WaitUntilRunning(killed);
            orders.Send(Some, later: TimeSpan.FromMilliseconds(kill * 100));
            orders.WaitFor(() => orders.Look() > kill * Some, "the first of them fires");
            killed.Kill();
        }

        orders.WaitUntilRunning(orders.Start("one"));
        orders.ExpectAllFired();
    }

    [Fact]
    [Trait("Category", "Soak")]
    public async Task One_that_slept_past_the_time_out_of_its_transactions_goes_on_by_itself()
    {
        await using var orders = new Orders(Broker, partitions: 2) { SessionTimeout = TimeSpan.FromSeconds(30), TransactionTimeout = TimeSpan.FromSeconds(1) };
        var sleeper = orders.Start("one");
        orders.WaitUntilRunning(sleeper);
        orders.Send(Some);
        sleeper.Freeze();
        orders.Rest(TimeSpan.FromSeconds(3));
        sleeper.Thaw();

        orders.Send(Some);
        orders.ExpectAllFiredOnce();
    }

    [Fact]
    [Trait("Category", "Soak")]
    public async Task A_state_directory_that_is_deleted_costs_a_restore_in_which_nothing_fires()
    {
        await using var orders = new Orders(Broker, partitions: 2);
        var first = orders.Start("one");
        orders.WaitUntilRunning(first);
        orders.Send(Some);
        orders.WaitFor(() => orders.Look() == Some, "the first fire");
        orders.Send(Many, later: TimeSpan.FromSeconds(20));
        first.Kill();
        System.IO.Directory.Delete(orders.Directory("one"), recursive: true);

        // Each has to do with what the one before left of its restore.
        var restoring = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            var killed = orders.Start("one", SmallFetches);
            orders.WaitFor(() => killed.Count(StoreIsRestored) > 0 || killed.RunningTasks > 0, "a store is being restored");
            killed.Kill();
            restoring += killed.Count(StoreIsRestored) > killed.Count(StoreHasRestored) ? 1 : 0;
        }

        Assert.True(restoring > 0, "none was killed while it restored");
        orders.WaitUntilRunning(orders.Start("one"));
        orders.ExpectAllFiredOnce();
    }

    [Fact]
    [Trait("Category", "Soak")]
    public async Task A_host_follows_the_other_on_the_same_stores()
    {
        await using var orders = new Orders(Broker, partitions: 2);
        var hosted = orders.Start("one");
        orders.WaitUntilRunning(hosted);
        orders.Send(Some, later: TimeSpan.FromSeconds(4));
        orders.Send(Some);
        orders.WaitFor(() => orders.Look() == Some, "the first fire");
        await hosted.StopAsync();

        var native = orders.Start("one", Program.Native);
        orders.WaitUntilRunning(native);
        orders.Send(Some);
        orders.ExpectAllFiredOnce();
        await native.StopAsync();

        orders.WaitUntilRunning(orders.Start("one"));
        orders.Send(Some);
        orders.ExpectAllFiredOnce();
    }

    [Fact]
    [Trait("Category", "Soak")]
    public async Task From_one_to_four_instances_each_started_anew_and_back_to_one_costs_nothing()
    {
        await using var orders = new Orders(Broker, partitions: 4) { Standbys = 1 };
        var running = new Dictionary<string, HostProcess> { ["one"] = orders.Start("one") };
        orders.WaitUntilRunning([.. running.Values]);
        foreach (var name in new[] { "two", "three", "four" })
        {
            orders.Send(Some, later: TimeSpan.FromSeconds(1));
            running[name] = orders.Start(name);
        }

        orders.WaitUntilRunning([.. running.Values]);
        foreach (var name in new[] { "one", "two", "three" })
        {
            orders.Send(Some, later: TimeSpan.FromSeconds(1));
            await running[name].StopAsync();
            running[name] = orders.Start(name);
        }

        orders.Send(Some);
        await Task.WhenAll(running["two"].StopAsync(), running["four"].StopAsync());
        orders.Send(Some, later: TimeSpan.FromSeconds(1));
        await running["three"].StopAsync();
        orders.WaitUntilRunning(running["one"]);
        orders.ExpectAllFiredOnce();
    }

    [Fact]
    [Trait("Category", "Soak")]
    public async Task Twenty_kills_of_either_of_two_instances_lose_and_double_nothing()
    {
        var random = new Random(Seeds.Next(nameof(KillTests)));
        await using var orders = new Orders(Broker, partitions: 4) { Standbys = 1, Threads = 2 };
        string[] names = ["one", "two"];
        var running = names.Select(name => orders.Start(name)).ToArray();
        orders.WaitUntilRunning(running);
        for (var kill = 0; kill < 20; kill++)
        {
            orders.Send(random.Next(Some), later: TimeSpan.FromMilliseconds(random.Next(3000)));
            orders.WaitFor(() => random.Next(5) == 0, "a moment passes");
            var at = random.Next(2);
            if (random.Next(4) == 0)
            {
                // Killed soon after a clean stop: what a start takes for whole was written by the end of another.
                await running[at].StopAsync();
                orders.Start(names[at]).Kill();
            }

            running[at].Kill();
            orders.Send(random.Next(Some));
            running[at] = orders.Start(names[at]);
        }

        orders.ExpectAllFiredOnce();
    }
}
