using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Streamiz.Kafka.Net;
using Streamiz.Kafka.Net.Kafka;
using StreamSettle.Kafka.Tests.Broker;
using Xunit;

namespace StreamSettle.Streamiz.Tests.AsItComes;

/// <summary>
/// What breaks exactly-once in the package as it comes, each defect by its number in <c>docs/streamiz.md</c>. A test that fails after an update says that the defect is mended: then what works
/// around it may go.
/// </summary>
public class DefectTests(KafkaBroker broker)
{
    [Fact]
    public void D1_what_an_aborted_transaction_wrote_stays_in_the_store()
    {
        using var application = new PlainApplication(broker);
        var refused = 0;
        application.Clients.Commit = commit =>
        {
            if (Interlocked.Increment(ref refused) == 1)
            {
                throw Fenced();
            }

            commit();
        };
        application.Start();
        application.Send(1);

        application.WaitFor(() => application.Counts.Count >= 2, "the record is processed again");
        Assert.Equal([1, 2], application.Counts.Take(2));
    }

    [Fact]
    public void D2_after_an_abort_the_checkpoint_has_what_was_aborted()
    {
        using var application = new PlainApplication(broker);
        application.Clients.Commit = _ => throw Fenced();
        application.Start();
        application.Send(1);

        // No transaction is ever committed, so the changelog has no record that counts.
        application.WaitFor(() => application.Checkpoints.Any(offset => offset > 0), "the store is said to hold a record of the changelog");
    }

    [Fact]
    public void D3_a_transaction_that_only_wants_to_be_aborted_ends_the_thread()
    {
        using var application = new PlainApplication(broker);
        var late = 0;
        application.Clients.Commit = commit =>
        {
            if (Interlocked.Increment(ref late) == 1)
            {
                throw new KafkaTxnRequiresAbortException(new Error(ErrorCode.Local_TimedOut, "a batch was late"));
            }

            commit();
        };
        application.Start();
        application.Send(1);

        application.WaitFor(() => application.State == KafkaStream.State.ERROR, "the thread ends");
    }

    [Fact]
    public void D4_lost_partitions_are_told_as_revoked_and_are_committed()
    {
        var config = new StreamConfig(null, NullLoggerFactory.Instance) { ApplicationId = "lost", BootstrapServers = "127.0.0.1:1" };
        var builder = new SeenBuilder();
        using var consumer = new DefaultKafkaClientSupplier(new(config), config, builder).GetConsumer(config.ToConsumerConfig("lost"), new NoListener());

        Assert.True(builder.Seen!.HandlesRevoked);
        Assert.False(builder.Seen.HandlesLost);
    }

    [Fact]
    public void D5_what_only_a_punctuation_wrote_is_committed_without_offsets_so_nobody_can_be_refused()
    {
        var offsets = new List<int>();
        using var application = new PlainApplication(broker);
        application.Punctuated = (_, forward) => forward();
        application.Clients.OffsetsSent = offsets.Add;
        application.Start();

        application.WaitFor(() => offsets.Count > 0, "a transaction is committed");
        Assert.Equal(0, offsets[0]);
    }

    [Fact]
    public void D6_punctuations_fire_while_stores_are_restored()
    {
        using var application = new PlainApplication(broker);
        application.Start();
        application.Send(3);
        application.WaitFor(() => application.Counts.Count == 3, "the records are counted");
        application.StartAnew();
        var seen = -1;
        application.Clients.MayRestore = () => Volatile.Read(ref seen) >= 0;
        application.Punctuated = (count, _) =>
        {
            if (!application.HasRestored)
            {
                Interlocked.CompareExchange(ref seen, count, -1);
            }
        };
        application.Start();

        application.WaitFor(() => application.HasRestored, "the store is restored");
        Assert.Equal(0, seen);
    }

    /// <summary>As of a commit that another's start refuses: Streamiz drops everything and begins again.</summary>
    static KafkaException Fenced() => new(new Error(ErrorCode.ProducerFenced, "another has come"));

    sealed class SeenBuilder : DefaultKafkaClientBuilder
    {
        public SeenConsumer? Seen { get; private set; }

        public override ConsumerBuilder<byte[], byte[]> GetConsumerBuilder(ConsumerConfig config) => Seen = new(config);
    }

    sealed class SeenConsumer(ConsumerConfig config) : ConsumerBuilder<byte[], byte[]>(config)
    {
        public bool HandlesRevoked => PartitionsRevokedHandler is not null;

        public bool HandlesLost => PartitionsLostHandler is not null;
    }

    sealed class NoListener : IConsumerRebalanceListener
    {
        public void PartitionsAssigned(IConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions)
        {
        }

        public void PartitionsRevoked(IConsumer<byte[], byte[]> consumer, List<TopicPartitionOffset> partitions)
        {
        }

        public void PartitionsLost(IConsumer<byte[], byte[]> consumer, List<TopicPartitionOffset> partitions)
        {
        }
    }
}
