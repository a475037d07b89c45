using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Stores;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Tallies;

namespace StreamSettle.Topology.DeadLetters;

/// <summary>Keeps the global store <c>dead-letters</c>: what waits for a person, by id; and counts it.</summary>
sealed class DeadLetterUpdater(DeadLetterTally tally) : IProcessor<ReadOnlySpan<byte>, ReadOnlySpan<byte>>
{
    IKeyValueStore letters = null!;

    public void Init(ProcessorContext context)
    {
        letters = context.Store(StoreNames.DeadLetters);
        tally.Begin();
        using var scan = letters.Scan([], []);
        while (scan.MoveNext())
        {
            tally.Waits(DeadLetter.StageOf(scan.Value));
        }
    }

    public void Process(scoped in Record<ReadOnlySpan<byte>, ReadOnlySpan<byte>> record)
    {
        var isThere = letters.TryGet(record.Key, out var known);
        if (!record.IsTombstone)
        {
            letters.Put(record.Key, record.Value);
            if (DeadLetter.Read(record.Value) is { DiscardedBy: null } letter)
            {
                tally.Came(letter, !isThere);
            }
        }
        else if (isThere)
        {
            tally.Went(DeadLetter.StageOf(known));
            letters.Delete(record.Key);
        }
    }
}
