using StreamSettle.Kafka.Tests.Broker;
using Xunit;

namespace StreamSettle.Kafka.Tests.Hosted;

/// <summary>What holds for an instance that was put to sleep, whoever runs its threads.</summary>
public abstract class SleeperRules(KafkaBroker broker)
{
    /// <summary>Orders of a round.</summary>
    protected const int Some = 200;

    protected KafkaBroker Broker { get; } = broker;

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task One_that_slept_past_its_session_fires_nothing_of_what_others_have_fired(int markAfterSeconds)
    {
        await using var orders = new Orders(Broker, partitions: 2);
        var sleeper = orders.Start("one");
        orders.WaitUntilRunning(sleeper);
        orders.Send(Some, later: TimeSpan.FromSeconds(markAfterSeconds));
        sleeper.Freeze();

        var heir = orders.Start("two");
        orders.WaitUntilRunning(heir);
        orders.WaitFor(() => orders.Look() == Some, "the heir fires what was due meanwhile");
        sleeper.Thaw();
        orders.Send(Some);
        orders.WaitUntilRunning(sleeper, heir);
        orders.ExpectAllFiredOnce();
    }
}
