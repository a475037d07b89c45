using System.Text;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Holds;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Stores;
using StreamSettle.Topology.Names;

namespace StreamSettle.Topology.Holds;

/// <summary>
/// Keeps the global store <c>holds</c>, and the book by which all tasks of the process know them. Of two requests under one id the first in the log counts, and of two
/// releases the first: so all instances say the same, whoever asked whom.
/// </summary>
sealed class HoldUpdater(HoldBook book) : IProcessor<ReadOnlySpan<byte>, Hold>
{
    readonly ByteBuffer scratch = new();
    IKeyValueStore holds = null!;

    public void Init(ProcessorContext context)
    {
        holds = context.Store(StoreNames.Holds);
        using var scan = holds.Scan([], []);
        while (scan.MoveNext())
        {
            book.Take(Hold.Read(scan.Value));
        }
    }

    public void Process(scoped in Record<ReadOnlySpan<byte>, Hold> record)
    {
        if (record.IsTombstone)
        {
            holds.Delete(record.Key);
            book.Forget(Encoding.UTF8.GetString(record.Key));
            return;
        }

        var hold = record.Value;
        if (holds.TryGet(record.Key, out var value) && Hold.Read(value) is var known)
        {
            if (known.Release is not null || hold.Release is null)
            {
                return;
            }

            hold = known with { Release = hold.Release };
        }

        scratch.Clear();
        hold.Write(new(scratch));
        holds.Put(record.Key, scratch.Written);
        book.Take(hold);
    }
}
