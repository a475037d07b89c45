using Confluent.Kafka;
using StreamSettle.Kafka.Tests.Testing;
using StreamSettle.Streams.Kafka.Commits;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;
using Xunit;
using TopicPartition = StreamSettle.Streams.Log.TopicPartition;

namespace StreamSettle.Kafka.Tests;

/// <summary>Two producers by turns.</summary>
public sealed class AlternatingTests : IDisposable
{
    static readonly StoreSpec Counts = new("counts");

    static readonly TopicPartition Changelog = new("app-counts-changelog", 0);

    readonly List<string> steps = [];
    readonly CommitBench bench;

    public AlternatingTests() => bench = new(new AlternatingProducer(new Named("one", steps), new Named("two", steps)));

    [Fact]
    public void Transactions_go_by_turns_and_what_is_given_up_is_the_open_one()
    {
        using var producer = new AlternatingProducer(new Named("one", steps), new Named("two", steps));
        producer.Initialize();
        for (var i = 0; i < 3; i++)
        {
            producer.Begin();
            producer.Begin();
            producer.Produce(Changelog, default);
            producer.SendPositions([], null);
            producer.Flush();
            producer.Commit([], null);
        }

        producer.Begin();
        producer.Abort();
        string[] one = ["one begins", "one begins", "one produces", "one sends", "one flushes", "one commits"];
        string[] two = [.. one.Select(step => step.Replace("one", "two", StringComparison.Ordinal))];
        Assert.Equal(["one initializes", "two initializes", .. one, .. two, .. one, "two begins", "two aborts"], steps);
    }

    /// <summary>The second one's records may stand before the first one's marker, the third one's behind it.</summary>
    [Fact]
    public void A_copy_stands_behind_no_record_that_the_next_transaction_may_write()
    {
        Commit(2);
        Assert.Equal(2, bench.Copy.PositionOf(Changelog));
        Commit(1);
        Assert.Equal(2 + 1 + 1, bench.Copy.PositionOf(Changelog));
        Commit(3);
        Assert.Equal(4 + 1 + 3, bench.Copy.PositionOf(Changelog));
    }

    /// <summary>Such as a deletion of keys that are not there: no record of it is in the changelog, and so no marker.</summary>
    [Fact]
    public void A_transaction_that_wrote_nothing_to_a_store_counts_no_marker_there()
    {
        Commit(2);
        Commit(0);
        Commit(0);
        Commit(1);
        Assert.Equal(2 + 1 + 1, bench.Copy.PositionOf(Changelog));
    }

    /// <summary>A call that is late may free the client: what would follow it finds that out.</summary>
    [Fact]
    public void A_client_that_was_given_up_is_freed_once_and_called_no_more()
    {
        using var producer = new TransactionalProducer(new ProducerBuilder<Null, Null>(new ProducerConfig { BootstrapServers = "127.0.0.1:1", TransactionalId = "one" }).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build(), bench.Time);
        producer.Dispose();
        Assert.Contains("was given up", Assert.Throws<TransactionAbortedException>(producer.Flush).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_gives_a_store_back_with_all_decided_stands_behind_its_last_marker()
    {
        Commit(2);
        bench.Copy.Touch(Changelog, isLast: true);
        Assert.Equal(3, bench.Copy.PositionOf(Changelog));
        Commit(1);
        Assert.Equal(4, bench.Copy.PositionOf(Changelog));
    }

    [Fact]
    public void Whoever_gives_it_back_without_knowing_what_became_of_it_stands_before_it_and_so_does_who_opens_it_again()
    {
        Commit(2);
        bench.Copy.Touch(Changelog, isLast: false);
        Assert.Equal(2, bench.Copy.PositionOf(Changelog));
        bench.Copy.ForgetMarkersBehind(Changelog);
        Commit(1);
        Assert.Equal(3, bench.Copy.PositionOf(Changelog));
    }

    public void Dispose() => bench.Dispose();

    void Commit(int records)
    {
        var changes = new Changes();
        for (var i = 0; i < records; i++)
        {
            changes.Put($"key {i}", "value");
        }

        var commit = new LogCommit();
        commit.Stores.Add((Counts, new TaskId(0, 0), changes));
        bench.Transaction.Begin(commit, null);
        bench.Transaction.Finish();
    }

    /// <summary>Says what it is asked for.</summary>
    sealed class Named(string name, List<string> steps) : IRecordProducer
    {
        public int MarkersPerCommit => 1;

        public void Initialize() => steps.Add($"{name} initializes");

        public void Begin() => steps.Add($"{name} begins");

        public void Produce(TopicPartition partition, scoped in RawRecord record) => steps.Add($"{name} produces");

        public void SendPositions(IReadOnlyCollection<TopicPartitionOffset> positions, IConsumerGroupMetadata? group) => steps.Add($"{name} sends");

        public void Flush() => steps.Add($"{name} flushes");

        public void Commit(IReadOnlyCollection<TopicPartitionOffset> positions, IConsumerGroupMetadata? group) => steps.Add($"{name} commits");

        public void Abort() => steps.Add($"{name} aborts");

        public void Dispose()
        {
        }
    }
}
