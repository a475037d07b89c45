using Confluent.Kafka;
using StreamSettle.Kafka.Tests.Testing;
using StreamSettle.Streams.Kafka.Commits;
using StreamSettle.Streams.Log;
using Xunit;
using TopicPartition = StreamSettle.Streams.Log.TopicPartition;

namespace StreamSettle.Kafka.Tests;

/// <summary>In which order the parts of a transaction go to the brokers.</summary>
public sealed class HandOverTests : IDisposable
{
    readonly OrderedProducer producer = new();
    readonly CommitBench bench;

    public HandOverTests() => bench = new(producer);

    [Fact]
    public void Records_go_while_the_positions_do_and_the_commit_comes_after_both()
    {
        var commit = new LogCommit();
        commit.Metadata.Add(("name", [1]));
        commit.Positions.Add((new("changes", 0), 7));

        // Its positions are only answered once the records were sent.
        bench.Transaction.Begin(commit, new SomeGroup());

        Assert.Equal([(new TopicPartition("changes", 0), 7L)], bench.Transaction.Finish());
        Assert.Equal(["produced", "flushed", "positions", "committed"], producer.Steps);
    }

    [Fact]
    public void Refused_positions_are_told_after_the_records_have_gone_and_nothing_is_committed()
    {
        var commit = new LogCommit();
        commit.Metadata.Add(("name", [1]));
        commit.Positions.Add((new("changes", 0), 7));
        producer.Refusal = new ClientFencedException("refused");

        bench.Transaction.Begin(commit, new SomeGroup());

        Assert.Throws<ClientFencedException>(bench.Transaction.Finish);
        Assert.Equal(["produced", "flushed"], producer.Steps);
    }

    public void Dispose() => bench.Dispose();

    sealed class SomeGroup : IConsumerGroupMetadata;

    sealed class OrderedProducer : IRecordProducer
    {
        readonly ManualResetEventSlim isFlushed = new();

        public List<string> Steps { get; } = [];

        public TransactionAbortedException? Refusal { get; set; }

        public int MarkersPerCommit => 1;

        public void Initialize()
        {
        }

        public void Begin()
        {
        }

        public void Produce(TopicPartition partition, scoped in RawRecord record) => Steps.Add("produced");

        public void SendPositions(IReadOnlyCollection<TopicPartitionOffset> positions, IConsumerGroupMetadata? group)
        {
            Assert.True(isFlushed.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken), "records wait for the positions");
            if (Refusal is { } refusal)
            {
                throw refusal;
            }

            Steps.Add("positions");
        }

        public void Flush()
        {
            Steps.Add("flushed");
            isFlushed.Set();
        }

        public void Commit(IReadOnlyCollection<TopicPartitionOffset> positions, IConsumerGroupMetadata? group) => Steps.Add("committed");

        public void Abort()
        {
        }

        public void Dispose() => isFlushed.Dispose();
    }
}
