using System.Globalization;
using StreamSettle.Kafka.Tests.Broker;
using StreamSettle.Kafka.Tests.Testing;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Log;
using Xunit;

namespace StreamSettle.Kafka.Tests;

/// <summary>Brokers forget positions: KIP-211.</summary>
public class PositionTests(KafkaBroker broker)
{
    const string Input = "words";

    [Fact]
    public async Task An_instance_with_nothing_to_do_commits_its_positions_again()
    {
        using var words = new Words(broker) { PositionRenewal = TimeSpan.FromSeconds(1) };
        await using var instance = words.Start();
        words.Send("abcabcd");
        words.ExpectAllCounted();
        using var offsets = new Offsets(broker.Bootstrap, words.Application);
        var before = offsets.Behind(7, words.Prefix + Input);

        offsets.Delete(words.Prefix + Input, partitions: 2);

        Eventually.Holds(() => offsets.Of(words.Prefix + Input).SequenceEqual(before), () => $"not committed again: {string.Join(' ', offsets.Of(words.Prefix + Input))}\n{words.Log}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_stopped_in_good_order_goes_on_where_it_was_whatever_came_since(bool exactlyOnce)
    {
        using var words = new Words(broker) { ExactlyOnce = exactlyOnce };
        await using (words.Start())
        {
            words.Send("abcabcd");
            words.ExpectAllCounted();
        }

        using var offsets = new Offsets(broker.Bootstrap, words.Application);
        offsets.DeleteGroup();
        words.Send("abcd");

        await using (words.Start("two"))
        {
            words.ExpectAllCounted();
            Assert.True(words.Log.Count(2218) > 0, $"nothing was forgotten\n{words.Log}");
        }
    }

    [Fact]
    public async Task Of_a_dead_one_nothing_is_guessed_where_it_may_have_read_on_until_somebody_says_where_it_stood()
    {
        using var words = new Words(broker);
        await using var log = words.Open();
        var group = broker.NewName("group");
        using var offsets = new Offsets(broker.Bootstrap, group);
        var topic = words.Prefix + Input;
        words.Send("abcd");
        using var dead = new Member(log, group, [topic]);
        dead.PollUntil(() => dead.Batches.Sum(batch => batch.Count) == 4, "it reads all");
        var commit = new LogCommit();
        commit.Positions.AddRange(dead.Passed.Select(passed => (passed.Key, passed.Value)));
        dead.Client.Commit(commit);
        var before = offsets.Behind(4, topic);

        // Whoever polls no more is put out.
        offsets.DeleteGroup();
        using (var heir = new Member(log, group, [topic]))
        {
            var failure = Assert.Throws<CorruptStateException>(() => heir.PollUntil(() => heir.Owned.Count > 0, "it begins somewhere"));
            Assert.All(before, position => Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{topic}-{position.Key} (it stood at 0 or later, and records go on to {position.Value})"), failure.Message, StringComparison.Ordinal));
        }

        offsets.Set(topic, before);
        using var second = new Member(log, group, [topic]);
        second.PollUntil(() => second.Owned.Count == 2, "it begins where it was told");
        Assert.All(before, position => Assert.Equal(position.Value, second.Client.CommittedPosition(new(topic, position.Key))));
    }

    [Fact]
    public async Task Of_a_topic_that_was_made_anew_nothing_is_passed_over_by_what_was_noted_of_the_one_before()
    {
        using var words = new Words(broker);
        var topic = words.Prefix + Input;
        await using (words.Start())
        {
            words.Send("abcabcd");
            words.ExpectAllCounted();
        }

        using var offsets = new Offsets(broker.Bootstrap, words.Application);
        offsets.DeleteGroup();
        offsets.MakeAnew(topic, partitions: 2);
        words.Send("abcabcdabcabcd");

        await using var log = words.Open("two");
        using var heir = new Member(log, words.Application, [topic]);
        var failure = Assert.Throws<CorruptStateException>(() => heir.PollUntil(() => heir.Owned.Count > 0, "it begins somewhere"));
        Assert.Contains("of another topic of that name", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_topic_that_is_new_to_the_group_begins_where_it_begins()
    {
        using var words = new Words(broker);
        await using var log = words.Open();
        words.Put("counts-out", "a", "a");
        using (var first = new Member(log, "group", [words.Prefix + Input]))
        {
            first.PollUntil(() => first.Owned.Count == 2, "the first is alone");
        }

        using var second = new Member(log, "group", [words.Prefix + Input, words.Prefix + "counts-out"]);
        second.PollUntil(() => second.Batches.Count == 1, "the new topic is read from its beginning");
        Assert.Equal(0, second.Batches[0].Offset);
    }

    /// <summary>What an administrator's deletion stands for elsewhere: the broker itself forgets, of a group that lives, what was not committed for a minute.</summary>
    [Fact]
    [Trait("Category", "Soak")]
    public async Task A_broker_that_forgets_within_a_minute_makes_nobody_count_twice()
    {
        _ = broker.Bootstrap;
        Assert.SkipWhen(broker.Home is null, "it wants a broker of its own: set KAFKA_HOME instead of KAFKA_BOOTSTRAP");
        await using var forgetful = await BrokerServer.StartAsync(
            broker.Home!, Path.Combine(broker.Folder, "forgetful"), more: new Dictionary<string, string> { ["offsets.retention.minutes"] = "1", ["offsets.retention.check.interval.ms"] = "1000" });
        using var idle = new Words(broker, forgetful.Bootstrap);
        using var away = new Words(broker, forgetful.Bootstrap);
        using var renewing = new Words(broker, forgetful.Bootstrap) { PositionRenewal = TimeSpan.FromSeconds(10) };
        using Offsets idleOffsets = OffsetsOf(idle), awayOffsets = OffsetsOf(away), renewingOffsets = OffsetsOf(renewing);
        await using var living = idle.Start();
        await using var careful = renewing.Start();
        await using (away.Start())
        {
            foreach (var words in new[] { idle, away, renewing })
            {
                words.Send("abcabcd");
                words.ExpectAllCounted();
            }
        }

        var before = renewingOffsets.Behind(7, renewing.Prefix + Input);
        Eventually.Holds(
            () => idleOffsets.Of(idle.Prefix + Input).Count == 0 && awayOffsets.Of(away.Prefix + Input).Count == 0, () => $"the broker forgets nothing\n{idle.Log}", TimeSpan.FromMinutes(3));
        Assert.Equal(before, renewingOffsets.Of(renewing.Prefix + Input));

        away.Send("abc");
        await using var back = away.Start("two");
        away.ExpectAllCounted();
        Assert.True(away.Log.Count(2218) > 0, $"nothing was forgotten\n{away.Log}");

        Offsets OffsetsOf(Words words) => new(forgetful.Bootstrap, words.Application);
    }
}
