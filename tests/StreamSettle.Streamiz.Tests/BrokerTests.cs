using StreamSettle.Kafka.Tests.Broker;
using StreamSettle.Kafka.Tests.Hosted;
using Xunit;

namespace StreamSettle.Streamiz.Tests;

public class BrokerTests(KafkaBroker broker) : BrokerRules(broker)
{
    [Fact]
    [Trait("Category", "Soak")]
    public Task Five_restarts_of_one_of_three_brokers_cost_nothing_but_time() => RestartOneOfThreeAsync(5);
}
