using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Topology.Clock;

/// <summary>
/// Numbers the times that a clock's partition was taken over. The number is part of the task's own state: whoever takes the partition over restores it and counts one
/// on, so it grows with every owner that committed anything, on any transport, and a member that was replaced without knowing still has a lower one.
/// </summary>
/// <remarks><code>version(1)=1 | number(varint)</code></remarks>
sealed class ClockAssignment
{
    const byte Version = 1;

    readonly IKeyValueStore store;
    bool isKept;

    public ClockAssignment(IKeyValueStore store)
    {
        this.store = store;
        Number = 1 + (store.TryGet(Key, out var kept) ? Read(kept) : 0);
    }

    public long Number { get; }

    static ReadOnlySpan<byte> Key => "assignment"u8;

    /// <summary>Makes it part of the commit that is about to come; true at the task's first.</summary>
    public bool Keep()
    {
        if (isKept)
        {
            return false;
        }

        var bytes = new ByteBuffer();
        var to = new ByteWriter(bytes);
        to.Byte(Version);
        to.VarInt64(Number);
        store.Put(Key, bytes.Written);
        return isKept = true;
    }

    static long Read(ReadOnlySpan<byte> kept)
    {
        var from = new ByteReader(kept);
        var version = from.Byte();
        return version == Version ? from.VarInt64() : throw new CorruptStateException($"the assignment has version {version}, this program knows {Version}");
    }
}
