using System.Globalization;

namespace StreamSettle.Kafka.Tests.Broker;

/// <summary>What every broker of a test has, however it is started.</summary>
static class BrokerSettings
{
    /// <summary>Short patience everywhere, so that tests of patience are short. Records may be of any time: a driver's clock is another than the broker's.</summary>
    public static IReadOnlyDictionary<string, string> Short { get; } = new Dictionary<string, string>
    {
        ["auto.create.topics.enable"] = "true",
        ["offsets.topic.num.partitions"] = "2",
        ["transaction.state.log.num.partitions"] = "2",
        ["transaction.abort.timed.out.transaction.cleanup.interval.ms"] = "500",
        ["share.coordinator.state.topic.num.partitions"] = "1",
        ["group.initial.rebalance.delay.ms"] = "0",
        ["group.min.session.timeout.ms"] = "500",
        ["log.cleaner.backoff.ms"] = "200",
        ["log.segment.bytes"] = "16777216",
        ["log.message.timestamp.after.max.ms"] = long.MaxValue.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>What an image of Kafka calls a setting.</summary>
    public static string Variable(string setting) => $"KAFKA_{setting.Replace('.', '_').ToUpperInvariant()}";
}
