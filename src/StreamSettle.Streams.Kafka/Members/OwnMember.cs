using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Kafka.Commits;

namespace StreamSettle.Streams.Kafka.Members;

/// <summary>
/// What this instance says of itself. A share is told before the first transaction under it, and given up before the group may give it to others: so whoever is
/// given a partition that somebody else still claims knows that this one is dead, or does not know yet that it was replaced. Thread-safe.
/// </summary>
internal sealed class OwnMember(KafkaLogOptions options, IProducer<byte[], byte[]?> producer, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>Longer nobody waits for the record: without it others wait for the time-out of a transaction, which is no more than slow.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    readonly Lock gate = new();
    readonly Dictionary<string, Share> shares = new(StringComparer.Ordinal);
    readonly byte[] key = System.Text.Encoding.UTF8.GetBytes(options.InstanceId);
    bool isHeard;
    bool isChanged;

    /// <summary>Which life of the instance this is, µs since the epoch.</summary>
    public long OpenedAt { get; } = UtcInstant.Now(time).Microseconds;

    /// <summary>There is a topic to say it in.</summary>
    public bool IsHeard
    {
        get
        {
            lock (gate)
            {
                return isHeard;
            }
        }
    }

    /// <summary>Something was not said yet.</summary>
    public bool IsChanged
    {
        get
        {
            lock (gate)
            {
                return isChanged;
            }
        }
    }

    /// <summary>From here on there is a topic to say it in.</summary>
    public void Begin()
    {
        lock (gate)
        {
            isHeard = true;
        }
    }

    /// <summary>The thread has these partitions; returns when that is written down.</summary>
    public void Claim(string transactionalId, string group, IEnumerable<int> partitions)
    {
        Change(transactionalId, group, share => share.Partitions.UnionWith(partitions));
        Flush();
    }

    /// <summary>The thread has committed what it did with them, and does nothing more; returns when that is written down.</summary>
    public void GiveUp(string transactionalId, string group, IReadOnlyCollection<int> partitions)
    {
        if (partitions.Count > 0)
        {
            Change(transactionalId, group, share => share.Partitions.ExceptWith(partitions));
            Flush();
        }
    }

    public void Opened(string transactionalId, string group, string store, int partition) => Change(transactionalId, group, share => share.Stores.Add((store, partition)));

    public void Closed(string transactionalId, string group, string store, int partition) => Change(transactionalId, group, share => share.Stores.Remove((store, partition)));

    /// <summary>The transactional ids of this life.</summary>
    public bool Uses(string transactionalId)
    {
        lock (gate)
        {
            return shares.Keys.Any(own => own == transactionalId || ClientSettings.OtherOf(own) == transactionalId);
        }
    }

    /// <summary>Says all of it again.</summary>
    public void Say(bool left = false)
    {
        byte[] record;
        lock (gate)
        {
            if (!isHeard)
            {
                return;
            }

            isChanged = false;
            record = new MemberRecord(OpenedAt, options.AdvertisedUrl, left, [.. shares.SelectMany(share => share.Value.Told(share.Key))]).Encode();
        }

        try
        {
            producer.Produce(MemberTable.TopicOf(options.ApplicationId), new() { Key = key, Value = record });
        }
        catch (KafkaException failed)
        {
            // The next beat says it.
            logger.ClientSays("members", failed.Error.Reason);
        }
    }

    /// <summary>Keeps a named value outside of any transaction; returns when it is written down.</summary>
    /// <exception cref="EnvironmentFailedException">The brokers do not take it.</exception>
    public void Keep(string name, byte[] value)
    {
        try
        {
            producer.ProduceAsync(NamedValues.TopicOf(options.ApplicationId), new() { Key = NamedValues.KeyOf(name), Value = value }).GetAwaiter().GetResult();
        }
        catch (KafkaException failed)
        {
            throw KafkaFailure.Environment($"the value '{name}' cannot be kept in {NamedValues.TopicOf(options.ApplicationId)}", failed);
        }
    }

    /// <summary>Says that the instance has stopped.</summary>
    public void Leave()
    {
        lock (gate)
        {
            shares.Clear();
        }

        Say(left: true);
        producer.Flush(Patience);
    }

    public void Dispose() => producer.Dispose();

    void Flush()
    {
        Say();
        producer.Flush(Patience);
    }

    void Change(string transactionalId, string group, Action<Share> change)
    {
        lock (gate)
        {
            if (!shares.TryGetValue(transactionalId, out var share))
            {
                shares.Add(transactionalId, share = new(group));
            }

            change(share);
            isChanged = true;
        }
    }

    sealed class Share(string group)
    {
        public SortedSet<int> Partitions { get; } = [];

        public SortedSet<(string Store, int Partition)> Stores { get; } = [];

        /// <summary>Two claims of the same, because two transactions may be open under it. A release before there were two knows no other way to be told of both.</summary>
        public IEnumerable<MemberThread> Told(string transactionalId) =>
        [
            new(
                group, transactionalId, [.. Partitions],
                Stores.GroupBy(open => open.Store).ToDictionary(store => store.Key, IReadOnlyList<int> (store) => [.. store.Select(open => open.Partition)], StringComparer.Ordinal)),
            new(group, ClientSettings.OtherOf(transactionalId), [.. Partitions], new Dictionary<string, IReadOnlyList<int>>()),
        ];
    }
}
