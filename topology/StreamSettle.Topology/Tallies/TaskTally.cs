using StreamSettle.Kernel.Bytes;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Topology.Tallies;

/// <summary>The counts of one task: written by its thread without a lock, read by anybody, kept in a store of the task so that a restart goes on with them.</summary>
/// <remarks><code>version(1)=1 | count(varint) per Tally, in order</code></remarks>
sealed class TaskTally
{
    const byte Version = 1;

    static readonly int Kinds = Enum.GetValues<Tally>().Length;

    readonly long[] counts = new long[Kinds];
    readonly ByteBuffer scratch = new(64);
    bool changed;

    static ReadOnlySpan<byte> Key => "tally"u8;

    public long this[Tally kind] => Volatile.Read(ref counts[(int)kind]);

    public void Add(Tally kind, long by)
    {
        Volatile.Write(ref counts[(int)kind], counts[(int)kind] + by);
        changed = true;
    }

    public void Load(IKeyValueStore store)
    {
        if (!store.TryGet(Key, out var value))
        {
            return;
        }

        var from = new ByteReader(value);
        from.Byte();
        for (var kind = 0; kind < Kinds && !from.AtEnd; kind++)
        {
            Volatile.Write(ref counts[kind], from.VarInt64());
        }
    }

    /// <summary>Part of the commit that follows; nothing is written when nothing changed.</summary>
    public void Save(IKeyValueStore store)
    {
        if (!changed)
        {
            return;
        }

        changed = false;
        scratch.Clear();
        var to = new ByteWriter(scratch);
        to.Byte(Version);
        foreach (var count in counts)
        {
            to.VarInt64(count);
        }

        store.Put(Key, scratch.Written);
    }
}
