using System.Runtime.CompilerServices;
using StreamSettle.Kafka.Tests.Broker;
using StreamSettle.Tests;
using StreamSettle.Topology.Tests.Lives;

namespace StreamSettle.Cluster.Tests.Lives;

/// <summary>
/// The random lives of <c>StreamSettle.Topology.Tests</c> over the Kafka client and a real broker: commits are aborted, members leave and come again, processes start anew with their state and
/// without. A failure names the seed of the life.
/// </summary>
public sealed class LivesTests(KafkaBroker broker)
{
    [Fact]
    public void A_short_life_on_the_broker_ends_as_the_model_says() => Live(lives: 1, steps: 8);

    [Fact]
    [Trait("Category", "Soak")]
    public void Long_lives_on_the_broker_end_as_the_model_says() => Live(lives: 10, steps: 24);

    void Live(int lives, int steps, [CallerMemberName] string caller = "")
    {
        _ = broker.Server;
        Seeds.Each(lives, seed => Live(seed, steps), caller);
    }

    void Live(int seed, int steps)
    {
        using var log = new DrivenKafkaLog(broker, TestBench.App, new(seed));
        using var life = new Life(seed, new() { Faults = true, Log = log, Steps = steps, AbortOneIn = 40, PunctuationInterval = TimeSpan.FromHours(4) });
        life.Run();
        LifeModel.Check(life);
        FoldCheck.Check(life.Bench);
        Assert.NotEmpty(life.Bench.Facts.Orders);
        Console.WriteLine($"life {seed}: {log.Commits} commits, {log.Lost} state directories lost");
    }
}
