using StreamSettle.Streams.Errors;
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

sealed class ProcessorNode<TKey, TValue>(string name, StreamTask task, IProcessor<TKey, TValue> processor) : ProcessorNode(name)
    where TKey : allows ref struct
    where TValue : allows ref struct
{
    public override object Input { get; } = new Edge(name, task, processor);

    public override void Init(ProcessorContext context)
    {
        try
        {
            processor.Init(context);
        }
        catch (Exception exception) when (FailurePlace.Note(exception, task, Name))
        {
            throw;
        }
    }

    public override void BeforeCommit() => Call(static processor => processor.BeforeCommit());

    public override void AfterCommit() => Call(static processor => processor.AfterCommit());

    public override void Close() => Call(static processor => processor.Close());

    void Call(Action<IProcessor<TKey, TValue>> action)
    {
        try
        {
            action(processor);
        }
        catch (Exception exception) when (FailurePlace.Note(exception, task, Name))
        {
            throw;
        }
    }

    sealed class Edge(string name, StreamTask task, IProcessor<TKey, TValue> processor) : Output<TKey, TValue>
    {
        public override void Forward(scoped in Record<TKey, TValue> record)
        {
            try
            {
                processor.Process(record);
            }
            catch (Exception exception) when (FailurePlace.Note(exception, task, name))
            {
                throw;
            }
        }
    }
}
