using System.Text;
using Confluent.Kafka;
using StreamSettle.Kafka.Tests.Broker;
using StreamSettle.Kafka.Tests.Testing;
using StreamSettle.Streams.Log;
using Xunit;
using TopicPartition = StreamSettle.Streams.Log.TopicPartition;

namespace StreamSettle.Kafka.Tests;

public class CommitTests(KafkaBroker broker)
{
    [Fact]
    public async Task Who_was_replaced_commits_nothing_not_even_what_only_a_punctuation_wrote()
    {
        // Long enough that on a busy machine the second, which is polled here too, is not taken for silent itself.
        using var words = new Words(broker, partitions: 1) { PollPatience = TimeSpan.FromSeconds(5) };
        var input = words.Prefix + "words";
        await using var first = words.Open("one");
        await using var second = words.Open("two");
        using var zombie = new Member(first, words.Application, [input]);
        zombie.PollUntil(() => zombie.Owned.Count == 1, "the first gets the partition");

        // It sleeps past its poll interval, and the group goes on without it.
        using var heir = new Member(second, words.Application, [input]);
        heir.PollUntil(() => heir.Owned.Count == 1, "the second gets it when the first is silent");
        var commit = OutputOf(words, "tick");
        commit.Positions.Add((new(input, 0), 0));

        Assert.ThrowsAny<TransactionAbortedException>(() => zombie.Client.Commit(commit));
        heir.Poll();
        Assert.Empty(Read(words));
        Assert.ThrowsAny<TransactionAbortedException>(() => zombie.PollUntil(
            () =>
            {
                heir.Poll();
                return false;
            },
            "the first is told"));
        heir.Poll();
        heir.Client.Commit(commit);
        Eventually.Holds(() => Read(words) is ["tick"], () => $"the output is not there\n{words.Log}");
    }

    [Fact]
    public async Task A_position_passes_markers_and_what_was_aborted_up_to_the_very_end()
    {
        using var words = new Words(broker, partitions: 1);
        var input = new TopicPartition(words.Prefix + "words", 0);
        await using var log = words.Open();
        using (var producer = Transactional(words, "outside"))
        {
            Write(producer, input.Topic, "kept", commit: true);
            Write(producer, input.Topic, "dropped", commit: false);
        }

        using var member = new Member(log, words.Application, [input.Topic]);
        member.PollUntil(() => member.Passed.GetValueOrDefault(input) == log.EndOffset(input), "it comes up to the end");

        Assert.Equal((input, 0, 1), Assert.Single(member.Batches));
        Assert.Equal(4, log.EndOffset(input));
        Assert.Equal(4, log.KnownEnd(input));
    }

    [Fact]
    public async Task A_transaction_that_nobody_decides_is_told_with_its_place_until_somebody_does()
    {
        using var words = new Words(broker, partitions: 1) { TransactionTimeout = TimeSpan.FromSeconds(1) };
        var input = new TopicPartition(words.Prefix + "words", 0);
        await using var log = words.Open();
        using var producer = Transactional(words, "outside");
        Write(producer, input.Topic, "kept", commit: true);
        producer.BeginTransaction();
        producer.Produce(input.Topic, new() { Key = "open", Value = "open" });
        producer.Flush(TestContext.Current.CancellationToken);

        using var member = new Member(log, words.Application, [input.Topic]);
        member.PollUntil(() => log.ReadFailure is not null, "it is told");
        Assert.Contains($"{input} is not decided, so nothing is read there from offset 2 on", log.ReadFailure, StringComparison.Ordinal);
        Assert.Contains("find-hanging", log.ReadFailure, StringComparison.Ordinal);
        Assert.Equal(1, words.Log.Count(2215));

        producer.AbortTransaction();
        member.PollUntil(() => log.ReadFailure is null, "it is told no longer");
        Assert.Equal(log.EndOffset(input), member.Passed[input]);
    }

    [Fact]
    public async Task A_commit_that_was_begun_is_seen_by_nobody_before_it_is_decided_and_by_all_after()
    {
        using var words = new Words(broker, partitions: 1);
        var input = new TopicPartition(words.Prefix + "words", 0);
        await using var log = words.Open();
        using var member = new Member(log, words.Application, [input.Topic]);
        member.PollUntil(() => member.Owned.Count == 1, "it gets the partition");
        var commit = OutputOf(words, "out");
        commit.Positions.Add((input, 7));
        commit.Metadata.Add(("source", [1, 2, 3]));

        Assert.Equal(0, log.CommittedPosition(words.Application, input));
        Assert.Null(log.ReadMetadata("source"));
        Assert.False(member.Client.BeginCommit(commit));
        member.Client.FinishCommit();

        Assert.Equal(7, log.CommittedPosition(words.Application, input));
        Assert.Equal(7, member.Client.CommittedPosition(input));
        Assert.Equal([1, 2, 3], log.ReadMetadata("source"));
        Eventually.Holds(() => Read(words) is ["out"], () => $"the output is not there\n{words.Log}");
    }

    [Fact]
    public async Task What_is_written_ahead_is_seen_with_its_commit_and_not_without()
    {
        using var words = new Words(broker, partitions: 1);
        var input = new TopicPartition(words.Prefix + "words", 0);
        await using var log = words.Open();
        using (var member = new Member(log, words.Application, [input.Topic]))
        {
            member.PollUntil(() => member.Owned.Count == 1, "it gets the partition");
            var commit = OutputOf(words, "second");
            commit.Positions.Add((input, 1));

            Assert.True(member.Client.WriteAhead(OutputOf(words, "first")));
            Assert.Empty(Read(words));
            member.Client.Commit(commit);
            Eventually.Holds(() => Read(words) is ["first", "second"], () => $"the outputs are not there\n{words.Log}");
            Assert.True(member.Client.WriteAhead(OutputOf(words, "third")));
        }

        Assert.Equal(["first", "second"], Read(words));
    }

    /// <summary>Its caller is told, and may never write again: it is not the service that cannot commit.</summary>
    [Fact]
    public async Task A_write_that_fails_again_and_again_is_no_failure_of_the_service()
    {
        using var words = new Words(broker, partitions: 1);
        var time = new SkippingTime();
        await using var log = words.Open(time: time);
        using var replaced = log.OpenClient("operators", "1");
        replaced.Commit(OutputOf(words, "first"));
        using var writer = log.OpenClient("operators", "1");
        writer.Commit(OutputOf(words, "second"));

        for (var i = 0; i < 2; i++)
        {
            Assert.ThrowsAny<TransactionAbortedException>(() => replaced.Commit(OutputOf(words, "never")));
            time.Skip(TimeSpan.FromSeconds(10));
        }

        Assert.Null(log.WriteFailure);
        writer.Commit(OutputOf(words, "third"));
        Assert.Equal(["first", "second", "third"], Read(words));
    }

    [Fact]
    public async Task A_record_keeps_its_timestamp_headers_and_what_is_null_or_empty_in_it()
    {
        using var words = new Words(broker, partitions: 1);
        var output = new TopicPartition(words.Prefix + "counts-out", 0);
        var headers = Streams.Records.Headers.Encode(("trace", [7]), ("none", null), ("empty", []));
        var commit = new LogCommit();
        var batch = new RecordBatch();
        batch.Add(1_790_000_000_123, keyIsNull: true, default, valueIsNull: false, [], headers);
        batch.Add(5, keyIsNull: false, [], valueIsNull: true, default, default);
        commit.Outputs.Add((output, batch));
        await using var log = words.Open();
        using var writer = log.OpenClient("writer", "1");
        writer.Commit(commit);

        using var reader = log.OpenClient("reader", "1");
        reader.Assign([(output, 0)]);
        var fetched = new FetchedRecords();
        for (var polls = 0; fetched.Count == 0 && polls < 100; polls++)
        {
            reader.Poll(fetched, TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(batch.Bytes.ToArray(), fetched.BytesOf(Assert.Single(fetched.Batches)).ToArray());
    }

    static LogCommit OutputOf(Words words, string text)
    {
        var commit = new LogCommit();
        var batch = new RecordBatch();
        batch.Add(1, keyIsNull: false, "key"u8, valueIsNull: false, Encoding.UTF8.GetBytes(text), default);
        commit.Outputs.Add((new(words.Prefix + "counts-out", 0), batch));
        return commit;
    }

    IProducer<string, string> Transactional(Words words, string id)
    {
        var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = broker.Bootstrap, TransactionalId = $"{words.Application}-{id}" }).Build();
        producer.InitTransactions(TimeSpan.FromSeconds(20));
        return producer;
    }

    static void Write(IProducer<string, string> producer, string topic, string value, bool commit)
    {
        producer.BeginTransaction();
        producer.Produce(topic, new() { Key = value, Value = value });
        producer.Flush(TimeSpan.FromSeconds(20));
        if (commit)
        {
            producer.CommitTransaction();
        }
        else
        {
            producer.AbortTransaction();
        }
    }

    /// <summary>All that is committed of the output now.</summary>
    List<string> Read(Words words)
    {
        var partition = new Confluent.Kafka.TopicPartition(words.Prefix + "counts-out", 0);
        using var consumer = new ConsumerBuilder<Ignore, string>(new ConsumerConfig
        {
            BootstrapServers = broker.Bootstrap, GroupId = "outside", IsolationLevel = IsolationLevel.ReadCommitted, EnablePartitionEof = true, EnableAutoCommit = false,
        }).Build();
        consumer.Assign(new TopicPartitionOffset(partition, Offset.Beginning));
        var values = new List<string>();
        while (consumer.Consume(TimeSpan.FromSeconds(20)) is { IsPartitionEOF: false } result)
        {
            values.Add(result.Message.Value);
        }

        consumer.Close();
        return values;
    }
}
