using StreamSettle.Kernel.Bytes;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Topology.Tallies;

/// <summary>A task's tally and the store that keeps it.</summary>
sealed class TaskTally
{
    static ReadOnlySpan<byte> Key => "tally"u8;

    readonly IKeyValueStore store;
    readonly ByteBuffer scratch = new();

    public TaskTally(IKeyValueStore store, int size)
    {
        this.store = store;
        Numbers = new(size);
        if (store.TryGet(Key, out var kept))
        {
            Numbers.Read(kept);
        }
    }

    public Tally Numbers { get; }

    /// <summary>Makes the numbers part of the commit that is about to come; writes nothing where nothing changed.</summary>
    public void Keep()
    {
        if (Numbers.IsChanged)
        {
            scratch.Clear();
            Numbers.Write(new(scratch));
            store.Put(Key, scratch.Written);
        }
    }
}
