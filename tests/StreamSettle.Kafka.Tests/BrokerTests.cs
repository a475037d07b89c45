using StreamSettle.Kafka.Tests.Broker;
using StreamSettle.Kafka.Tests.Hosted;
using Xunit;

namespace StreamSettle.Kafka.Tests;

public class BrokerTests(KafkaBroker broker) : BrokerRules(broker)
{
    [Fact]
    [Trait("Category", "Soak")]
    public Task Twelve_restarts_of_one_of_three_brokers_cost_nothing_but_time() => RestartOneOfThreeAsync(12);
}
