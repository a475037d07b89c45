using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;

namespace StreamSettle.Streams.Tasks;

/// <summary>A processor of one task, apart from its types.</summary>
abstract class ProcessorNode(string name)
{
    public string Name { get; } = name;

    /// <summary>The <see cref="Output{TKey, TValue}"/> through which parents reach the processor.</summary>
    public abstract object Input { get; }

    public abstract void Init(ProcessorContext context);

    public abstract void BeforeCommit();

    public abstract void AfterCommit();

    public abstract void Close();
}

sealed class ProcessorNode<TKey, TValue>(string name, IProcessor<TKey, TValue> processor) : ProcessorNode(name)
    where TKey : allows ref struct
    where TValue : allows ref struct
{
    public override object Input { get; } = new Edge(processor);

    public override void Init(ProcessorContext context) => processor.Init(context);

    public override void BeforeCommit() => processor.BeforeCommit();

    public override void AfterCommit() => processor.AfterCommit();

    public override void Close() => processor.Close();

    sealed class Edge(IProcessor<TKey, TValue> processor) : Output<TKey, TValue>
    {
        public override void Forward(scoped in Record<TKey, TValue> record) => processor.Process(record);
    }
}
