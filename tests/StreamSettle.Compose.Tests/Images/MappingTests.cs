using StreamSettle.Compose.Tests.Files;
using Xunit;

namespace StreamSettle.Compose.Tests.Images;

/// <summary>The images' mapping of variables to settings, as their documents give it, and the settings of ours that matter.</summary>
public class MappingTests
{
    [Theory]
    [InlineData("KAFKA_ABC_DEF", "abc.def")]
    [InlineData("KAFKA_ABC__DEF", "abc_def")]
    [InlineData("KAFKA_ABC___DEF", "abc-def")]
    public void Kafka_reads_names_as_its_guide_says(string variable, string property) =>
        Assert.Equal(new Dictionary<string, string> { [property] = "x" }, KafkaImage.Properties(new Dictionary<string, string> { [variable] = "x", ["CLUSTER_ID"] = "y", ["KAFKA_HEAP_OPTS"] = "z" }));

    [Fact]
    public void Connect_has_its_own_names_and_defaults_and_takes_the_rest_by_prefix()
    {
        var properties = DebeziumConnectImage.Properties(new Dictionary<string, string>
        {
            ["GROUP_ID"] = "g", ["CONFIG_STORAGE_TOPIC"] = "c", ["OFFSET_STORAGE_TOPIC"] = "o", ["CONNECT_PRODUCER_LINGER_MS"] = "5",
        });

        Assert.Equal(("g", "60000", "5"), (properties["group.id"], properties["offset.flush.interval.ms"], properties["producer.linger.ms"]));
        Assert.Throws<InvalidOperationException>(() => DebeziumConnectImage.Properties(new Dictionary<string, string> { ["GROUP_ID"] = "g" }));
    }

    [Fact]
    public void The_worker_has_the_settings_that_the_document_asks_for()
    {
        var worker = DebeziumConnectImage.Properties(ComposeFile.Read().Environment("connect"));

        Assert.Equal("1000", worker["offset.flush.interval.ms"]);
        Assert.Equal("true", worker["topic.creation.enable"]);
        Assert.Equal("10000", worker["scheduled.rebalance.max.delay.ms"]);
    }

    [Fact]
    public void The_broker_makes_no_topic_by_itself_and_keeps_everything_of_its_own_on_its_volume()
    {
        var compose = ComposeFile.Read();
        var broker = KafkaImage.Properties(compose.Environment("kafka"));

        Assert.Equal("false", broker["auto.create.topics.enable"]);
        Assert.EndsWith($":{broker["log.dirs"]}", Assert.Single(compose.List("kafka", "volumes")), StringComparison.Ordinal);
        Assert.Equal(22, compose.Environment("kafka")["CLUSTER_ID"].Length);
    }
}
