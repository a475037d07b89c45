using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Serdes;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Topologies;

sealed class SourceSpec<TKey, TValue>(string name, TopicName[] topics, Func<IDeserializer<TKey>> keys, Func<IDeserializer<TValue>> values)
    : SourceSpec(name, topics, typeof(TKey), typeof(TValue))
    where TKey : allows ref struct
    where TValue : allows ref struct
{
    public override SourceNode Open(StreamTask task) => new SourceNode<TKey, TValue>(this, task, keys(), values());
}

sealed class ProcessorSpec<TKey, TValue>(string name, string[] parents, Func<IProcessor<TKey, TValue>> supplier)
    : ProcessorSpec(name, parents, typeof(TKey), typeof(TValue))
    where TKey : allows ref struct
    where TValue : allows ref struct
{
    public override ProcessorNode Open(StreamTask task) => new ProcessorNode<TKey, TValue>(Name, task, supplier());
}

sealed class SinkSpec<TKey, TValue>(string name, TopicName topic, string[] parents, Func<ISerializer<TKey>> keys, Func<ISerializer<TValue>> values)
    : SinkSpec(name, topic, parents, typeof(TKey), typeof(TValue))
    where TKey : allows ref struct
    where TValue : allows ref struct
{
    public override SinkNode Open(StreamTask task) => new SinkNode<TKey, TValue>(this, task, keys(), values());
}
