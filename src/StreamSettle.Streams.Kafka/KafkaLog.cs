using System.Security.Cryptography;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Kafka.Commits;
using StreamSettle.Streams.Kafka.Reading;
using StreamSettle.Streams.Kafka.Stores;
using StreamSettle.Streams.Kafka.Topics;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Stores;
using TopicPartition = StreamSettle.Streams.Log.TopicPartition;

namespace StreamSettle.Streams.Kafka;

/// <summary>
/// The log on a Kafka cluster: consumer groups, a transactional producer a stream thread, changelogs, and a local copy of the stores that holds only what was
/// committed.
/// </summary>
public sealed class KafkaLog : IStreamLog
{
    static readonly TimeSpan AskPatience = TimeSpan.FromSeconds(10);

    readonly KafkaLogOptions options;
    readonly KafkaParts parts;
    readonly TopicAdmin topics;
    readonly IConsumer<Ignore, Ignore> asker;
    readonly IConsumer<Ignore, Ignore> committedAsker;
    bool disposed;

    KafkaLog(KafkaLogOptions options, KafkaParts parts, TopicAdmin topics, Guid identity)
    {
        this.options = options;
        this.parts = parts;
        this.topics = topics;
        Identity = identity;
        asker = parts.Settings.Asker(options.ApplicationId, committed: false);
        committedAsker = parts.Settings.Asker(options.ApplicationId, committed: true);
    }

    /// <summary>Of the cluster and the application: whoever gives one of them another name has another log.</summary>
    public Guid Identity { get; }

    public string? WriteFailure => parts.Health.Failure;

    /// <summary>Reaches the cluster and opens the local copy, or makes it.</summary>
    /// <exception cref="UserMistakeException">The options are wrong, or the directory is in use or belongs to another log.</exception>
    /// <exception cref="EnvironmentFailedException">No broker answers, or the disk failed.</exception>
    public static KafkaLog Open(KafkaLogOptions options, TimeProvider time, ILogger logger)
    {
        if (options.Problems("Kafka").ToList() is { Count: > 0 } problems)
        {
            throw new UserMistakeException(string.Join('\n', problems));
        }

        var settings = new ClientSettings(options, logger);
        var topics = new TopicAdmin(CheckedAdmin(settings, options), options, time, logger);
        try
        {
            var cluster = topics.ClusterId();
            var identity = IdentityOf(cluster, options.ApplicationId);
            var purge = new ConsumedPurge(time, options.PurgeInterval, topics.DeleteBefore);
            var parts = new KafkaParts(options, settings, LocalCopy.Open(options, identity, time), new CommitHealth(time, logger), purge, new(), time, logger);
            logger.Opened(cluster, options.ApplicationId, identity, options.Directory);
            return new(options, parts, topics, identity);
        }
        catch
        {
            topics.Dispose();
            throw;
        }
    }

    /// <summary>What of the application's topics is missing and what is wrong with the others; changes nothing.</summary>
    /// <exception cref="EnvironmentFailedException">No broker answers, or the service's user may not ask.</exception>
    public static TopicLook Look(KafkaLogOptions options, IEnumerable<TopicSpec> needed, TimeProvider time, ILogger logger)
    {
        using var topics = new TopicAdmin(CheckedAdmin(new ClientSettings(options, logger), options), options, time, logger);
        return topics.Look(TopicPlan.Of(options.ApplicationId, needed));
    }

    public void EnsureTopics(IReadOnlyCollection<TopicSpec> needed)
    {
        topics.Ensure(TopicPlan.Of(options.ApplicationId, needed));
        parts.Purge.SetTopics(needed);
    }

    public int Partitions(string topic) => topics.Partitions(topic);

    public ILogClient OpenClient(string group, string member) => new KafkaClient(parts, this, group, member);

    /// <exception cref="TransactionAbortedException">No broker answers now.</exception>
    public long EndOffset(TopicPartition partition) => Ask(asker, partition).High;

    public long KnownEnd(TopicPartition partition) => parts.KnownEnds.TryGetValue(partition, out var known) ? known.KnownEnd : Ask(committedAsker, partition).High;

    public long CommittedPosition(string group, TopicPartition partition)
    {
        using var member = parts.Settings.Asker(group, committed: true);
        return Asked(() => member.Committed([partition.ToKafka()], AskPatience))[0].Offset is { IsSpecial: false } offset ? offset : Ask(asker, partition).Low;
    }

    public byte[]? ReadMetadata(string name)
    {
        var topic = new TopicPartition(NamedValues.TopicOf(options.ApplicationId), 0);
        var end = Ask(committedAsker, topic).High;
        var values = new LastValue(NamedValues.KeyOf(name));
        using var reader = new RecordReader(parts.Settings.Reader(options.ApplicationId, "values", startsAnew: true));
        var reading = reader.Add(topic, -1, values);
        var started = parts.Time.GetTimestamp();
        while (reading.Next < end)
        {
            reader.Read(values, timeoutMs: 100);
            if (parts.Time.GetElapsedTime(started) > AskPatience)
            {
                throw new EnvironmentFailedException($"the brokers at {options.BootstrapServers} do not give the records of {topic}");
            }
        }

        return values.Value;
    }

    public IReadOnlyKeyValueStore OpenCommittedView(StoreSpec store, int partition) => parts.Copy.View(store, partition);

    /// <summary>Closes the copy after the readers that are at it. Clients and stores are closed before.</summary>
    public ValueTask DisposeAsync()
    {
        if (!disposed)
        {
            disposed = true;
            asker.Close();
            asker.Dispose();
            committedAsker.Close();
            committedAsker.Dispose();
            topics.Dispose();
            parts.Copy.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Where the partition begins.</summary>
    internal long StartOffset(TopicPartition partition) => Ask(asker, partition).Low;

    /// <summary>The first client is the one that meets a setting which librdkafka does not know.</summary>
    static IAdminClient CheckedAdmin(ClientSettings settings, KafkaLogOptions options)
    {
        try
        {
            return settings.Admin();
        }
        catch (Exception refused) when (refused is InvalidOperationException or ArgumentException)
        {
            throw new UserMistakeException($"a setting under 'Kafka' is not taken by the client: {options.WithoutValues(refused.Message)}");
        }
    }

    static Guid IdentityOf(string cluster, string application)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"{cluster}\n{application}"))[..16];

        // Version 8, variant 1 of RFC 9562.
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new(bytes, bigEndian: true);
    }

    static WatermarkOffsets Ask(IConsumer<Ignore, Ignore> consumer, TopicPartition partition) => Asked(() => consumer.QueryWatermarkOffsets(partition.ToKafka(), AskPatience));

    /// <summary>A broker that does not answer now ends the round, not the service.</summary>
    static T Asked<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (KafkaException failed)
        {
            throw KafkaFailure.Aborted(failed);
        }
    }
}
