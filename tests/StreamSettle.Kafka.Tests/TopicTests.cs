using Confluent.Kafka;
using Confluent.Kafka.Admin;
using StreamSettle.Kafka.Tests.Broker;
using StreamSettle.Kafka.Tests.Testing;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Kafka;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Tests.Testing;
using Xunit;
using TopicPartition = StreamSettle.Streams.Log.TopicPartition;

namespace StreamSettle.Kafka.Tests;

public class TopicTests(KafkaBroker broker)
{
    [Fact]
    public async Task Topics_are_made_as_Kafka_Streams_makes_them_and_none_that_was_not_named_before()
    {
        using var words = new Words(broker, partitions: 3, (builder, prefix) => builder.AddGlobalStore("facts", "facts-source", prefix + "facts"));
        IReadOnlyCollection<TopicSpec> needed = [.. words.Topology.Topics, .. words.Topology.Changelogs];
        using var view = KafkaLogView.Open(words.Options(), TimeProvider.System, words.Log);
        Assert.False(view.HasRun);
        var named = view.Look(needed);

        await using var log = words.Open();

        var app = words.Application;
        var made = MadeFor(app);
        Assert.Equal(named.Missing.Select(plan => plan.Name).Order(), made.Order());
        Assert.Equal(
            [$"{app}-counts-changelog", $"{app}-letters-repartition", $"{app}-members", $"{app}-values-changelog", $"{app}.counts-out", $"{app}.facts", $"{app}.words"], made.Order(StringComparer.Ordinal));
        Assert.Equal("compact", await SettingAsync($"{app}-counts-changelog", "cleanup.policy"));
        Assert.Equal("compact", await SettingAsync($"{app}.facts", "cleanup.policy"));
        Assert.Equal("delete", await SettingAsync($"{app}-letters-repartition", "cleanup.policy"));
        Assert.Equal("-1", await SettingAsync($"{app}-letters-repartition", "retention.ms"));
        Assert.Equal("CreateTime", await SettingAsync($"{app}-letters-repartition", "message.timestamp.type"));
        Assert.Equal(3, log.Partitions($"{app}-counts-changelog"));
        Assert.Empty(view.Look(needed).Missing);
        using var later = KafkaLogView.Open(words.Options(), TimeProvider.System, words.Log);
        Assert.Equal((true, log.Identity, null), (later.HasRun, later.Identity, later.ReadMetadata("never-written")));
    }

    [Fact]
    public async Task Who_only_looks_asks_no_broker_for_an_end_and_is_told_nothing_of_what_nobody_reads()
    {
        using var words = new Words(broker);
        await using var log = words.Open();
        var input = new Streams.Log.TopicPartition($"{words.Application}.words", 0);
        Assert.Null(log.SeenEnd(input));
        Assert.Null(log.SeenEnd(new("there-is-no-such-topic", 7)));
    }

    [Fact]
    public async Task All_that_is_wrong_with_topics_is_told_at_once_with_the_remedy_and_nothing_is_made()
    {
        using var words = new Words(broker);
        var (changelog, repartition) = ($"{words.Application}-counts-changelog", $"{words.Application}-letters-repartition");
        await MakeAsync(changelog, partitions: 2, policy: "delete");
        await MakeAsync(repartition, partitions: 5, policy: "delete");

        var mistake = Assert.Throws<UserMistakeException>(() => words.Open());

        Assert.Contains($"topic '{changelog}' has cleanup.policy=delete, but compact is expected", mistake.Message, StringComparison.Ordinal);
        Assert.Contains($"--topic {changelog} --add-config cleanup.policy=compact", mistake.Message, StringComparison.Ordinal);
        Assert.Contains($"topic '{repartition}' has 5 partitions, but the application has 2", mistake.Message, StringComparison.Ordinal);
        Assert.Equal([changelog, repartition], MadeFor(words.Application).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("compact,delete")]
    [InlineData("delete")]
    public async Task A_changelog_that_loses_what_is_old_is_refused(string policy)
    {
        using var words = new Words(broker);
        await MakeAsync($"{words.Application}-counts-changelog", partitions: 2, policy);

        Assert.Contains("compact is expected", Assert.Throws<UserMistakeException>(() => words.Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repartition_topic_that_is_compacted_is_refused()
    {
        using var words = new Words(broker);
        await MakeAsync($"{words.Application}-letters-repartition", partitions: 2, "compact");

        Assert.Contains("delete is expected", Assert.Throws<UserMistakeException>(() => words.Open()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("retention.ms", "604800000")]
    [InlineData("retention.bytes", "1000000")]
    public async Task A_topic_of_the_application_that_loses_what_was_not_read_yet_is_refused(string setting, string value)
    {
        using var words = new Words(broker);
        await MakeAsync($"{words.Application}-letters-repartition", partitions: 2, "delete", ("retention.ms", "-1"), (setting, value));

        var told = Assert.Throws<UserMistakeException>(() => words.Open()).Message;
        Assert.Contains($"has {setting}={value}, but -1 is expected", told, StringComparison.Ordinal);
        Assert.Contains($"--add-config {setting}=-1", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ends_of_several_partitions_are_told_in_their_order_as_those_of_each_are()
    {
        using var words = new Words(broker, partitions: 4);
        await using var log = words.Open();
        words.Send("abcdefghaabbb");
        words.SendAborted("abc");
        TopicPartition[] partitions = [.. Enumerable.Range(0, 4).Reverse().Select(partition => new TopicPartition(words.Prefix + "words", partition)), new(words.Prefix + "counts-out", 0)];

        var ends = log.EndOffsets(partitions);

        Assert.Equal(partitions.Select(log.EndOffset), ends);
        Assert.True(ends.Sum() > "abcdefghaabbb".Length);
        Assert.Throws<TransactionAbortedException>(() => log.EndOffsets([new(words.Prefix + "missing", 0)]));
    }

    [Fact]
    public async Task A_topology_that_has_lost_a_store_is_refused_and_one_with_more_is_not()
    {
        using var words = new Words(broker);
        TopicSpec more = new($"{words.Application}-more-changelog", 2, TopicRetention.Keep) { Use = TopicUse.Changelog };
        await using (var log = words.Open())
        {
            log.EnsureTopics([.. words.Topology.Topics, .. words.Topology.Changelogs, more]);
        }

        Assert.Contains($"no use any more for {more.Name},", Assert.Throws<UserMistakeException>(() => words.Open("two")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_topic_that_is_deleted_under_a_running_instance_stops_it_with_the_reason()
    {
        using var words = new Words(broker);
        await using var instance = words.Start();
        words.Send("abc");
        words.ExpectAllCounted();

        using var admin = Admin();
        await admin.DeleteTopicsAsync([words.Prefix + "words"]);

        Eventually.Holds(() => instance.App.Completion.IsCompleted, () => $"it runs on\n{words.Log}");
        var failure = await Assert.ThrowsAsync<CorruptStateException>(() => instance.App.Completion);
        Assert.Contains($"{words.Prefix}words", failure.Message, StringComparison.Ordinal);
        Assert.Contains("deleted", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task How_a_topic_of_others_loses_its_old_records_is_theirs_to_say()
    {
        using var words = new Words(broker);
        await MakeAsync(words.Prefix + "words", partitions: 2, "compact");

        await using var log = words.Open();
        Assert.Equal(2, log.Partitions(words.Prefix + "words"));
    }

    [Fact]
    public void A_setting_that_exactly_once_rests_on_is_refused_and_secrets_are_in_no_message()
    {
        var options = new KafkaLogOptions
        {
            BootstrapServers = "", ApplicationId = "app", InstanceId = "one", Directory = "/tmp/x",
            Client = new Dictionary<string, string> { ["isolation.level"] = "read_uncommitted", ["group.protocol"] = "consumer", ["sasl.password"] = "s3cret" },
        };

        var problems = options.Problems("Kafka").ToList();

        Assert.Equal(
            ["Kafka:BootstrapServers must not be empty.", .. new[] { "isolation.level", "group.protocol" }.Select(name => $"Kafka:{name} is set by the service itself, because exactly-once rests on it: leave it out.")], problems);
        Assert.DoesNotContain("s3cret", string.Join('\n', problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no.such.setting", "1", "no.such.setting")]
    [InlineData("security.protocol", "s3cret", "security.protocol")]
    public void A_setting_that_the_client_does_not_take_is_named_without_its_value(string name, string value, string told)
    {
        using var words = new Words(broker);
        var options = words.Options() with { Client = new Dictionary<string, string> { [name] = value, ["sasl.password"] = "s3cret" } };

        var message = Assert.Throws<UserMistakeException>(() => KafkaLog.Open(options, TimeProvider.System, words.Log)).Message;

        Assert.Contains(told, message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_between_sub_topologies_are_deleted_once_they_were_consumed()
    {
        using var words = new Words(broker, partitions: 1);
        await using var instance = words.Start();
        var between = new Streams.Log.TopicPartition($"{words.Application}-letters-repartition", 0);

        // Nobody's group begins where the partition begins.
        Eventually.Holds(
            () =>
            {
                words.Send("a");
                return instance.Log.CommittedPosition("nobody", between) > 0;
            },
            () => $"nothing was deleted\n{words.Log}");
        words.ExpectAllCounted();
    }

    IAdminClient Admin() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.Bootstrap }).Build();

    List<string> MadeFor(string application)
    {
        using var admin = Admin();
        return [.. admin.GetMetadata(TimeSpan.FromSeconds(20)).Topics.Select(topic => topic.Topic).Where(topic => topic.StartsWith(application, StringComparison.Ordinal))];
    }

    async Task MakeAsync(string topic, int partitions, string policy, params (string Name, string Value)[] settings)
    {
        using var admin = Admin();
        await admin.CreateTopicsAsync([new() { Name = topic, NumPartitions = partitions, ReplicationFactor = 1, Configs = Settings(policy, settings) }]);
    }

    static Dictionary<string, string> Settings(string policy, (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string> { ["cleanup.policy"] = policy };
        Array.ForEach(more, setting => settings[setting.Name] = setting.Value);
        return settings;
    }

    async Task<string> SettingAsync(string topic, string setting)
    {
        using var admin = Admin();
        var found = await admin.DescribeConfigsAsync([new() { Type = ResourceType.Topic, Name = topic }]);
        return found[0].Entries[setting].Value;
    }
}
