using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Topology.Rebuilding;

/// <summary>When the state was made anew from the event log: a settle task's record. An order whose mark had passed by then may have been calculated, and called for, in what was lost.</summary>
/// <remarks><code>version(1)=1 | atUs(8)</code></remarks>
static class RebuildMark
{
    const byte Version = 1;

    /// <summary>The state that was lost may have run by another machine's wall clock.</summary>
    static readonly TimeSpan ClocksApart = TimeSpan.FromMinutes(1);

    static ReadOnlySpan<byte> Key => "rebuilt"u8;

    public static void Keep(IKeyValueStore tallies, UtcInstant at)
    {
        var value = new ByteBuffer();
        var to = new ByteWriter(value);
        to.Byte(Version);
        to.Int64((at + ClocksApart).Microseconds);
        tallies.Put(Key, value.Written);
    }

    /// <returns>The last mark that may have been passed before; null where the state was never rebuilt.</returns>
    /// <exception cref="CorruptStateException">The bytes are no record of ours.</exception>
    public static UtcInstant? Read(IReadOnlyKeyValueStore tallies)
    {
        if (!tallies.TryGet(Key, out var value))
        {
            return null;
        }

        var from = new ByteReader(value);
        var version = from.Byte();
        return version == Version ? new(from.Int64()) : throw new CorruptStateException($"the mark of a rebuild has version {version}, this program knows {Version}");
    }
}
