using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Serdes;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Streams.Topologies;

/// <summary>
/// Declares a topology, with Kafka Streams' words. Nodes may be declared in any order; everything is checked by <see cref="Build"/>.
/// Serdes and processors are made once a task by their suppliers.
/// </summary>
public sealed class TopologyBuilder
{
    readonly TopologyDraft draft = new();

    /// <summary>Reads topics; their partitions of one index belong to one task.</summary>
    public TopologyBuilder AddSource<TKey, TValue>(string name, Func<IDeserializer<TKey>> keys, Func<IDeserializer<TValue>> values, params string[] topics)
        where TKey : allows ref struct
        where TValue : allows ref struct
    {
        draft.Add(new SourceSpec<TKey, TValue>(name, [.. topics.Select(topic => new TopicName(topic, IsRepartition: false))], keys, values));
        return this;
    }

    /// <summary>Processes what its parents forward to it.</summary>
    public TopologyBuilder AddProcessor<TKey, TValue>(string name, Func<IProcessor<TKey, TValue>> supplier, params string[] parents)
        where TKey : allows ref struct
        where TValue : allows ref struct
    {
        draft.Add(new ProcessorSpec<TKey, TValue>(name, parents, supplier));
        return this;
    }

    /// <summary>Writes to a topic, partitioned by murmur2 of the serialized key; records without key go round.</summary>
    public TopologyBuilder AddSink<TKey, TValue>(string name, string topic, Func<ISerializer<TKey>> keys, Func<ISerializer<TValue>> values, params string[] parents)
        where TKey : allows ref struct
        where TValue : allows ref struct
    {
        draft.Add(new SinkSpec<TKey, TValue>(name, new(topic, IsRepartition: false), parents, keys, values));
        return this;
    }

    /// <summary>
    /// A sink <paramref name="name"/> to the internal topic <c>&lt;application.id&gt;-&lt;name&gt;-repartition</c>, and a source
    /// <c>&lt;name&gt;-source</c> that reads it.
    /// </summary>
    public TopologyBuilder AddRepartition<TKey, TValue>(string name, Func<ISerde<TKey>> keys, Func<ISerde<TValue>> values, params string[] parents)
        where TKey : allows ref struct
        where TValue : allows ref struct
    {
        var topic = new TopicName(name, IsRepartition: true);
        draft.Add(new SinkSpec<TKey, TValue>(name, topic, parents, keys, values));
        draft.Add(new SourceSpec<TKey, TValue>($"{name}-source", [topic], keys, values));
        return this;
    }

    /// <summary>A store of each task, seen by these processors; processors that share a store are in one sub-topology.</summary>
    public TopologyBuilder AddStateStore(StoreSpec store, params string[] processors)
    {
        draft.Stores.Add((store, processors));
        return this;
    }

    /// <summary>
    /// A store that every instance has all of, filled from all partitions of <paramref name="topic"/>. The updater writes it through
    /// <c>context.Store(name)</c>; any processor reads it by <c>context.GlobalStore(name)</c>. The updater's node is named as the store.
    /// </summary>
    public TopologyBuilder AddGlobalStore<TKey, TValue>(
        StoreSpec store, string sourceName, Func<IDeserializer<TKey>> keys, Func<IDeserializer<TValue>> values, string topic, Func<IProcessor<TKey, TValue>> updater)
        where TKey : allows ref struct
        where TValue : allows ref struct
    {
        var source = new SourceSpec<TKey, TValue>(sourceName, [new(topic, IsRepartition: false)], keys, values);
        var processor = new ProcessorSpec<TKey, TValue>(store.Name, [sourceName], updater);
        draft.AddGlobal(store with { Global = true }, source, processor);
        return this;
    }

    /// <summary>
    /// A processor <paramref name="name"/> in every instance that reads all partitions of <paramref name="topic"/> and keeps nothing: for what is only news to a
    /// running instance. It has no stores and no children.
    /// </summary>
    public TopologyBuilder AddGlobalProcessor<TKey, TValue>(
        string name, string sourceName, Func<IDeserializer<TKey>> keys, Func<IDeserializer<TValue>> values, string topic, Func<IProcessor<TKey, TValue>> supplier)
        where TKey : allows ref struct
        where TValue : allows ref struct
    {
        var source = new SourceSpec<TKey, TValue>(sourceName, [new(topic, IsRepartition: false)], keys, values);
        draft.AddGlobal(store: null, source, new ProcessorSpec<TKey, TValue>(name, [sourceName], supplier));
        return this;
    }

    /// <summary>A topic that no node reads or writes, but an error handler does.</summary>
    public TopologyBuilder AddTopic(string topic)
    {
        draft.Topics.Add(topic);
        return this;
    }

    /// <summary>
    /// Topics that are written from outside, or by which a global store is filled, and that nobody but this topology reads: their records may go when it has consumed
    /// them. What lies between sub-topologies is so without being named here.
    /// </summary>
    public TopologyBuilder PurgeConsumed(params string[] topics)
    {
        draft.Purged.UnionWith(topics);
        return this;
    }

    /// <summary>Checks and fixes the topology. All its topics have <paramref name="partitions"/> partitions.</summary>
    /// <exception cref="UserMistakeException">Every mistake, one a line: what and where.</exception>
    public Topology Build(string applicationId, int partitions)
    {
        var problems = TopologyRules.Problems(draft, applicationId, partitions).ToList();
        if (problems.Count > 0)
        {
            throw new UserMistakeException($"the topology of '{applicationId}' cannot be built:\n{string.Join('\n', problems)}");
        }

        return TopologyAssembly.Assemble(draft, applicationId, partitions);
    }
}
