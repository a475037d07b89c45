using System.Security.Cryptography;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Kafka.Commits;
using StreamSettle.Streams.Kafka.Reading;
using StreamSettle.Streams.Kafka.Topics;
using StreamSettle.Streams.Log;
using TopicPartition = StreamSettle.Streams.Log.TopicPartition;

namespace StreamSettle.Streams.Kafka;

/// <summary>What the cluster is asked about an application, by who runs it and by who only looks. Thread-safe.</summary>
internal sealed class LogQuestions : IDisposable
{
    static readonly TimeSpan AskPatience = TimeSpan.FromSeconds(10);

    static readonly TimeSpan AskPause = TimeSpan.FromMilliseconds(200);

    readonly KafkaLogOptions options;
    readonly TimeProvider time;
    readonly IConsumer<Ignore, Ignore> asker;
    readonly IConsumer<Ignore, Ignore> committedAsker;

    LogQuestions(KafkaLogOptions options, ClientSettings settings, TopicAdmin topics, TimeProvider time)
    {
        this.options = options;
        this.time = time;
        Settings = settings;
        Topics = topics;
        asker = settings.Asker(options.ApplicationId, committed: false);
        committedAsker = settings.Asker(options.ApplicationId, committed: true);
    }

    public ClientSettings Settings { get; }

    public TopicAdmin Topics { get; }

    /// <exception cref="UserMistakeException">The options are wrong, or have a setting that the client does not take.</exception>
    public static LogQuestions Open(KafkaLogOptions options, TimeProvider time, ILogger logger)
    {
        if (options.Problems("Kafka").ToList() is { Count: > 0 } problems)
        {
            throw new UserMistakeException(string.Join('\n', problems));
        }

        var settings = new ClientSettings(options, logger);
        return new(options, settings, new(CheckedAdmin(settings, options), options, time, logger), time);
    }

    public Guid IdentityOf(string cluster)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"{cluster}\n{options.ApplicationId}"))[..16];

        // Version 8, variant 1 of RFC 9562.
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new(bytes, bigEndian: true);
    }

    /// <summary>Where the partition begins.</summary>
    public long StartOffset(TopicPartition partition) => Ask(asker, partition).Low;

    /// <summary>The high watermark, open transactions included.</summary>
    /// <exception cref="TransactionAbortedException">No broker answers now.</exception>
    public long EndOffset(TopicPartition partition) => Ask(asker, partition).High;

    /// <summary>Up to where all transactions are decided.</summary>
    public long DecidedEnd(TopicPartition partition) => Ask(committedAsker, partition).High;

    /// <summary>What the group has committed of each, in their order; where it has not, the partition's beginning.</summary>
    public IReadOnlyList<long> CommittedPositions(string group, IReadOnlyList<TopicPartition> partitions)
    {
        using var member = Settings.Asker(group, committed: true);
        var committed = Asked(() => member.Committed(partitions.Select(partition => partition.ToKafka()), AskPatience)).ToDictionary(found => found.TopicPartition.FromKafka(), found => found.Offset);
        return [.. partitions.Select(partition => committed[partition] is { IsSpecial: false } offset ? offset.Value : StartOffset(partition))];
    }

    /// <summary>The value that was committed last under the name; null for none.</summary>
    public byte[]? ReadMetadata(string name) => ReadMetadata([name])[name];

    /// <summary>The same of several names, with one look.</summary>
    public IReadOnlyDictionary<string, byte[]?> ReadMetadata(IReadOnlyCollection<string> names)
    {
        var topic = new TopicPartition(NamedValues.TopicOf(options.ApplicationId), 0);
        var values = new LastValues(names);

        // Past open transactions too: one that its writer knows to be committed may not have its marker yet.
        Read(topic, -1, EndOffset(topic), values, until: () => false);
        return values.Values;
    }

    /// <summary>The same at a start, where a broker that comes up just now is waited for.</summary>
    /// <exception cref="EnvironmentFailedException">It did not come up.</exception>
    public byte[]? ReadMetadataSoon(string name)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return ReadMetadata(name);
            }
            catch (TransactionAbortedException away) when (time.GetElapsedTime(started) > AskPatience)
            {
                throw new EnvironmentFailedException($"the brokers at {options.BootstrapServers} do not tell what was kept as '{name}': {away.Message}", away);
            }
            catch (TransactionAbortedException)
            {
                Task.Delay(AskPause, time).GetAwaiter().GetResult();
            }
        }
    }

    /// <summary>Whether there is, or was, a record between two offsets, and not markers alone. What was deleted was much (<see cref="ConsumedPurge.Left"/>), so not markers alone.</summary>
    public bool HasRecord(TopicPartition partition, long from, long to)
    {
        if (StartOffset(partition) > from)
        {
            return true;
        }

        var any = new AnyRecord(to);
        Read(partition, from, Math.Min(to, DecidedEnd(partition)), any, () => any.Found);
        return any.Found;
    }

    void Read(TopicPartition partition, long from, long end, IRecordTarget target, Func<bool> until)
    {
        using var reader = Settings.Reader(options.ApplicationId, "look", startsAnew: true);
        var reading = reader.Add(partition, from, target);
        var started = time.GetTimestamp();
        while (reading.Next < end && !until())
        {
            reader.Read(target, timeoutMs: 100);
            if (time.GetElapsedTime(started) > AskPatience + (3 * options.TransactionTimeout))
            {
                throw new EnvironmentFailedException(
                    $"the brokers at {options.BootstrapServers} do not give the records of {partition} up to {end}, only to {reading.Next}. Where a transaction there is not decided, kafka-transactions.sh find-hanging names it, and docs/kafka.md says what to do");
            }
        }
    }

    public void Dispose()
    {
        asker.Close();
        asker.Dispose();
        committedAsker.Close();
        committedAsker.Dispose();
        Topics.Dispose();
    }

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

    static WatermarkOffsets Ask(IConsumer<Ignore, Ignore> consumer, TopicPartition partition) => Asked(() =>
    {
        try
        {
            return consumer.QueryWatermarkOffsets(partition.ToKafka(), AskPatience);
        }
        catch (KafkaException unknown) when (unknown.Error.Code is ErrorCode.Local_UnknownPartition or ErrorCode.Local_UnknownTopic)
        {
            // What the client heard of the topic while its leader moved it keeps, and does not ask again for minutes.
            using var metadata = new DependentAdminClientBuilder(consumer.Handle).Build();
            metadata.GetMetadata(partition.Topic, AskPatience);
            return consumer.QueryWatermarkOffsets(partition.ToKafka(), AskPatience);
        }
    });

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
