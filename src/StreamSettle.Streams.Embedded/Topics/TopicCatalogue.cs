using System.Collections.Frozen;
using System.Text;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.RocksDb;

namespace StreamSettle.Streams.Embedded.Topics;

/// <summary>All topics, and the bounds of their partitions. Reads take no lock: a change replaces the whole table.</summary>
/// <remarks><code>
///  meta: "topic/" name(UTF-8) -> id(varint) | partitions(varint) | retention(1)
/// </code></remarks>
internal sealed class TopicCatalogue
{
    const string KeyPrefix = "topic/";
    static readonly byte[] First = Encoding.ASCII.GetBytes(KeyPrefix);
    static readonly byte[] AfterLast = Encoding.ASCII.GetBytes("topic0");

    readonly Lock gate = new();
    readonly Database database;
    readonly ColumnFamily meta;
    readonly PartitionBounds bounds;
    readonly Dictionary<string, Entry> topics = new(StringComparer.Ordinal);
    volatile FrozenDictionary<TopicPartition, PartitionLog> partitions = FrozenDictionary<TopicPartition, PartitionLog>.Empty;

    public TopicCatalogue(Database database, ColumnFamily meta, ColumnFamily log)
    {
        this.database = database;
        this.meta = meta;
        bounds = new PartitionBounds(database, meta, log);
        Load();
    }

    public IEnumerable<PartitionLog> Partitions => partitions.Values;

    public PartitionLog? TryFind(TopicPartition partition) => partitions.GetValueOrDefault(partition);

    /// <exception cref="UserMistakeException">There is no such topic or partition.</exception>
    public PartitionLog Find(TopicPartition partition) =>
        partitions.TryGetValue(partition, out var found)
            ? found
            : throw new UserMistakeException($"there is no partition {partition}: topics are made by EnsureTopics, with their number of partitions, before they are used");

    /// <summary>Partitions of the topic.</summary>
    /// <exception cref="UserMistakeException">There is no such topic.</exception>
    public int CountOf(string topic)
    {
        lock (gate)
        {
            return topics.TryGetValue(topic, out var entry)
                ? entry.Spec.Partitions
                : throw new UserMistakeException($"there is no topic '{topic}': topics are made by EnsureTopics before they are read");
        }
    }

    /// <summary>Creates what is missing, durably; retention may change from start to start, the number of partitions may not.</summary>
    public void Ensure(IReadOnlyCollection<TopicSpec> wanted)
    {
        lock (gate)
        {
            var batch = new WriteBatch();
            var changed = new Dictionary<string, Entry>(StringComparer.Ordinal);
            foreach (var spec in wanted.Where(spec => spec.Use != TopicUse.Changelog))
            {
                if (Check(spec) is { } entry)
                {
                    changed.TryAdd(spec.Name, entry.Id < 0 ? entry with { Id = topics.Count + changed.Values.Count(other => !topics.ContainsKey(other.Spec.Name)) } : entry);
                    batch.Put(meta, Encoding.UTF8.GetBytes(KeyPrefix + spec.Name), Encode(changed[spec.Name]));
                }
            }

            if (changed.Count > 0)
            {
                database.Write(batch, sync: true);
                Publish(changed.Values);
            }
        }
    }

    /// <summary>Null where the topic is there as it should be.</summary>
    Entry? Check(TopicSpec spec)
    {
        if (spec.Partitions < 1)
        {
            throw new UserMistakeException($"topic '{spec.Name}' must have at least 1 partition, but {spec.Partitions} are asked for");
        }

        if (!topics.TryGetValue(spec.Name, out var entry))
        {
            return new Entry(-1, spec);
        }

        return entry.Spec.Partitions == spec.Partitions
            ? entry.Spec.Retention == spec.Retention ? null : entry with { Spec = spec }
            : throw new UserMistakeException(
                $"topic '{spec.Name}' has {entry.Spec.Partitions} partitions in {database.Directory}, but {spec.Partitions} are asked for; the number is fixed when a topic is made: ask for {entry.Spec.Partitions}");
    }

    void Load()
    {
        using var entries = database.Iterate(meta, First, AfterLast);
        var found = new List<Entry>();
        for (var more = entries.SeekToFirst(); more; more = entries.Next())
        {
            found.Add(Decode(Encoding.UTF8.GetString(entries.Key[First.Length..]), entries.Value));
        }

        Publish(found);
    }

    void Publish(IEnumerable<Entry> changed)
    {
        var table = partitions.ToDictionary();
        foreach (var entry in changed)
        {
            topics[entry.Spec.Name] = entry;
            for (var i = 0; i < entry.Spec.Partitions; i++)
            {
                var partition = new TopicPartition(entry.Spec.Name, i);
                if (table.TryGetValue(partition, out var known))
                {
                    known.Retention = entry.Spec.Retention;
                    continue;
                }

                var (start, end) = bounds.Read(entry.Id, i);
                table.Add(partition, new PartitionLog(entry.Id, partition, start, end) { Retention = entry.Spec.Retention });
            }
        }

        partitions = table.ToFrozenDictionary();
    }

    static byte[] Encode(Entry entry)
    {
        var buffer = new ByteBuffer();
        var to = new ByteWriter(buffer);
        to.VarUInt64((ulong)entry.Id);
        to.VarUInt64((ulong)entry.Spec.Partitions);
        to.Byte((byte)entry.Spec.Retention);
        return buffer.Written.ToArray();
    }

    static Entry Decode(string name, ReadOnlySpan<byte> value)
    {
        var from = new ByteReader(value);
        return new Entry(from.Count(), new TopicSpec(name, from.Count(), (TopicRetention)from.Byte()));
    }

    sealed record Entry(int Id, TopicSpec Spec);
}
