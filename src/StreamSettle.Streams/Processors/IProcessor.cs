using StreamSettle.Streams.Records;

namespace StreamSettle.Streams.Processors;

/// <summary>A node of the topology, one instance a task. All calls come on the task's thread, one at a time.</summary>
public interface IProcessor<TKey, TValue>
    where TKey : allows ref struct
    where TValue : allows ref struct
{
    /// <summary>Called once, after the task's stores are restored and before its first record.</summary>
    void Init(ProcessorContext context);

    void Process(scoped in Record<TKey, TValue> record);

    /// <summary>
    /// Called before a commit of the task's thread, on the task's thread, where the processor's task has done anything since the commit before (a record, a punctuation, a message). What is written here is part of that commit.
    /// A sink into a foreign system flushes here; an exception aborts the commit and stops the thread as any of the processor's does.
    /// </summary>
    void BeforeCommit()
    {
    }

    /// <summary>Called after a successful commit that <see cref="BeforeCommit"/> was called for: what the processor wrote before is durable now (a global store's survives kill -9, and power loss with the next commit of a task). Must not write.</summary>
    void AfterCommit()
    {
    }

    /// <summary>Called once, when <see cref="Init"/> has returned before.</summary>
    void Close()
    {
    }
}
