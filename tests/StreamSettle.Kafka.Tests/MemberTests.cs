using Confluent.Kafka;
using StreamSettle.Kafka.Tests.Broker;
using StreamSettle.Kafka.Tests.Testing;
using StreamSettle.Streams.Kafka;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tests.Testing;
using Xunit;
using TopicPartition = StreamSettle.Streams.Log.TopicPartition;

namespace StreamSettle.Kafka.Tests;

public class MemberTests(KafkaBroker broker)
{
    static readonly StoreSpec Counts = new("counts");

    [Fact]
    public async Task Instances_know_each_other_and_who_owns_what()
    {
        using var words = new Words(broker, partitions: 4);
        await using var first = words.Start("one");
        await using (var second = words.Start("two"))
        {
            Eventually.Holds(
                () => Owners(first.Log).Count == 2 && Owners(first.Log).SequenceEqual(Owners(second.Log)) && Owners(first.Log).All(owner => owner.Contains(",", StringComparison.Ordinal)),
                () => $"{string.Join(" | ", Owners(first.Log))} and {string.Join(" | ", Owners(second.Log))}\n{words.Log}");
            var told = string.Join(' ', Owners(first.Log));
            Assert.Contains("http://one:8080", told, StringComparison.Ordinal);
            Assert.Contains("http://two:8080", told, StringComparison.Ordinal);
            Assert.Equal(["one"], first.Log.Members.Where(member => member.IsSelf).Select(member => member.InstanceId));
        }

        Eventually.Holds(() => Owners(first.Log).SequenceEqual([$"one http://one:8080 {words.Application}:0,1,2,3"]), () => $"{string.Join(" | ", Owners(first.Log))}\n{words.Log}");
    }

    /// <summary>A thread's transactions go under two ids by turns.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("-2")]
    public async Task What_a_dead_member_left_open_is_ended_by_who_is_given_its_partitions(string which)
    {
        using var words = new Words(broker, partitions: 1) { TransactionTimeout = TimeSpan.FromMinutes(5), PollPatience = TimeSpan.FromSeconds(2) };
        var input = new TopicPartition(words.Prefix + "words", 0);
        await using var first = words.Open("one");
        await using var second = words.Open("two");
        using var dead = new Member(first, words.Application, [input.Topic]);
        dead.PollUntil(() => dead.Owned.Count == 1, "the first gets the partition");

        // Its own producer cannot be stopped half-way, so another one has its id, writes, and is never heard of again.
        using var open = new ProducerBuilder<string, string>(new ProducerConfig
        {
            BootstrapServers = broker.Bootstrap, TransactionalId = $"{words.Application}-one-thread-1{which}", TransactionTimeoutMs = 300_000,
        }).Build();
        open.InitTransactions(TimeSpan.FromSeconds(20));
        open.BeginTransaction();
        open.Produce(new Confluent.Kafka.TopicPartition(input.Topic, 0), new() { Key = "lost", Value = "lost" });
        open.Flush(TimeSpan.FromSeconds(20));

        using var heir = new Member(second, words.Application, [input.Topic]);
        heir.PollUntil(() => heir.Passed.GetValueOrDefault(input) >= 2, $"it passes what was left open\n{words.Log}");
        Assert.Empty(heir.Batches);
        Eventually.Holds(() => words.Log.Count(2207) == 2, () => $"each was not ended once\n{words.Log}");
    }

    [Fact]
    public async Task A_standby_follows_what_others_own_and_takes_it_over_without_a_replay()
    {
        using var words = new Words(broker, partitions: 2) { Standbys = 1 };
        await using var standby = words.Start("two");
        Eventually.Holds(() => standby.TaskCount == 4, () => $"{standby.TaskCount} tasks\n{words.Log}");
        await using (var owner = words.Start("one"))
        {
            Eventually.Holds(() => owner.TaskCount == 2 && standby.TaskCount == 2, () => $"{owner.TaskCount} and {standby.TaskCount} tasks\n{words.Log}");
            words.Send("abcdefghabcdefgh");
            words.ExpectAllCounted();
            var views = Enumerable.Range(0, 2).Select(partition => standby.Log.OpenCommittedView(Counts, partition)).ToList();
            Eventually.Holds(() => "abcdefgh".All(letter => views.Any(view => view.Get($"{letter}") == "2")), () => $"the standby has not followed\n{words.Log}");
        }

        words.Send("abcdefgh");
        words.ExpectAllCounted();
        var restored = standby.App.Metrics().Threads.SelectMany(thread => thread.Tasks).SelectMany(task => task.Stores).Sum(store => store.Restore.Total);
        Assert.InRange(restored, 0, 6);
    }

    [Fact]
    public async Task A_copy_that_nobody_needs_is_cleared_away_after_a_while()
    {
        using var words = new Words(broker, partitions: 2) { CopyCleanupDelay = TimeSpan.FromSeconds(1) };
        await using var first = words.Start("one");
        words.Send("abcdefgh");
        words.ExpectAllCounted();
        await using var second = words.Start("two");

        Eventually.Holds(() => words.Log.Count(2211) == 1, () => $"one of two parts is cleared\n{words.Log}");
        words.Send("abcdefgh");
        words.ExpectAllCounted();
    }

    static List<string> Owners(KafkaLog log) =>
        [.. log.Members.Where(member => member.IsLive).Select(member => $"{member.InstanceId} {member.AdvertisedUrl} {string.Join(' ', member.Owned.Select(owned => $"{owned.Group}:{string.Join(',', owned.Partitions)}"))}")];
}
