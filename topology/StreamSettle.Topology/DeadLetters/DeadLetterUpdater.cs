using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Stores;
using StreamSettle.Topology.Names;

namespace StreamSettle.Topology.DeadLetters;

/// <summary>Keeps the global store <c>dead-letters</c>: what waits for a person, by id.</summary>
sealed class DeadLetterUpdater : IProcessor<ReadOnlySpan<byte>, ReadOnlySpan<byte>>
{
    IKeyValueStore letters = null!;

    public void Init(ProcessorContext context) => letters = context.Store(StoreNames.DeadLetters);

    public void Process(scoped in Record<ReadOnlySpan<byte>, ReadOnlySpan<byte>> record)
    {
        if (record.IsTombstone)
        {
            letters.Delete(record.Key);
        }
        else
        {
            letters.Put(record.Key, record.Value);
        }
    }
}
