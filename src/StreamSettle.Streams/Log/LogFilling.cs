using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Log;

/// <summary>
/// Fills stores and topics of a log on which no task runs yet: what was written since the last <see cref="Commit"/> becomes durable together. A log that keeps its stores
/// beside its topics takes it; where stores follow changelogs, those are the truth. Not thread-safe.
/// </summary>
/// <param name="group">The group under which it writes; it reads nothing.</param>
public sealed class LogFilling(IStreamLog log, string group) : IDisposable
{
    readonly ILogClient client = log.OpenClient(group, group);
    readonly Dictionary<(string Name, int Partition), OverlayStore> stores = [];
    readonly Dictionary<TopicPartition, RecordBatch> outputs = [];
    readonly LogCommit commit = new();

    /// <summary>Bytes of stores and records that the next commit holds.</summary>
    public int Bytes => stores.Values.Sum(store => store.OverlayBytes) + outputs.Values.Sum(batch => batch.Bytes.Length);

    /// <summary>A task's share of a store: reads see what was written.</summary>
    public IKeyValueStore Store(string name, int partition)
    {
        if (!stores.TryGetValue((name, partition), out var store))
        {
            var spec = new StoreSpec(name);
            store = new(spec, client.OpenStore(spec, new(0, partition)));
            stores.Add((name, partition), store);
        }

        return store;
    }

    /// <summary>Adds a record to a partition of a topic that exists.</summary>
    public void Append(TopicPartition partition, long timestampMs, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (!outputs.TryGetValue(partition, out var batch))
        {
            batch = new();
            outputs.Add(partition, batch);
        }

        batch.Add(timestampMs, keyIsNull: false, key, valueIsNull: false, value, []);
    }

    /// <summary>Makes all of it durable, with named values (<see cref="LogCommit.Metadata"/>).</summary>
    /// <exception cref="TransactionAbortedException">Nothing of it happened.</exception>
    public void Commit(params ReadOnlySpan<(string Name, byte[] Value)> metadata)
    {
        commit.Clear();
        foreach (var ((_, partition), store) in stores)
        {
            if (store.Changes.Count > 0)
            {
                commit.Stores.Add((store.Spec, new TaskId(0, partition), store.Changes));
            }
        }

        commit.Outputs.AddRange(outputs.Where(output => output.Value.Count > 0).Select(output => (output.Key, output.Value)));
        commit.Metadata.AddRange(metadata);
        client.Commit(commit);
        foreach (var store in stores.Values)
        {
            store.ClearOverlay();
        }

        foreach (var batch in outputs.Values)
        {
            batch.Clear();
        }
    }

    public void Dispose()
    {
        foreach (var store in stores.Values)
        {
            store.Dispose();
        }

        client.Dispose();
    }
}
