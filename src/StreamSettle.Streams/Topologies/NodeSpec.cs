using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Topologies;

/// <summary>A node as it was declared; makes its instance for each task.</summary>
abstract class NodeSpec(string name, string[] parents, Type key, Type value)
{
    public string Name { get; } = name;

    public string[] Parents { get; } = parents;

    /// <summary>What the node takes; of a source what it gives.</summary>
    public Type Key { get; } = key;

    public Type Value { get; } = value;

    public List<NodeSpec> Children { get; } = [];

    public List<string> Stores { get; } = [];

    public bool TakesSame(NodeSpec other) => Key == other.Key && Value == other.Value;

    /// <summary>The types as they are written in code, for messages.</summary>
    public string Types => $"<{TypeName.Of(Key)}, {TypeName.Of(Value)}>";
}

abstract class SourceSpec(string name, TopicName[] topics, Type key, Type value) : NodeSpec(name, [], key, value)
{
    public TopicName[] Topics { get; } = topics;

    public abstract SourceNode Open(StreamTask task);
}

abstract class ProcessorSpec(string name, string[] parents, Type key, Type value) : NodeSpec(name, parents, key, value)
{
    public abstract ProcessorNode Open(StreamTask task);
}

abstract class SinkSpec(string name, TopicName topic, string[] parents, Type key, Type value) : NodeSpec(name, parents, key, value)
{
    public TopicName Topic { get; } = topic;

    public abstract SinkNode Open(StreamTask task);
}
