using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Delivery.Calls;

/// <summary>By which clock the instants in a task's store are meant.</summary>
/// <remarks>
/// <code>
///  key   = 'M'
///  value = version(1)=1 | boot(16, zeros where it is not known) | seenUs(8)
/// </code>
/// The monotonic clock begins anew with the machine. In one boot it goes on over restarts, so nothing is to be done. Another boot, or another machine, has
/// another clock, and how long nothing ran cannot be known: the wall clock may have been set meanwhile. It counts as no time at all. So a wait is never longer
/// than it was when it was kept, and nothing leaves a budget's window early.
/// </remarks>
/// <param name="boot">Of this process's clock; null where it is not known.</param>
internal sealed class StoreClock(IKeyValueStore store, Guid? boot)
{
    const byte Prefix = (byte)'M';
    const byte Version = 1;
    const int GuidBytes = 16;

    /// <summary>How exactly the time is kept. An age is taken as this much less at most.</summary>
    static readonly TimeSpan Grain = TimeSpan.FromSeconds(1);

    readonly ByteBuffer value = new();
    MonotonicInstant? kept;

    /// <summary>How far ahead this clock is of the one by which the store's instants are meant; what is not zero is to be applied to all of them now.</summary>
    /// <exception cref="CorruptStateException">The bytes are no clock of ours.</exception>
    internal TimeSpan Open(MonotonicInstant now)
    {
        if (!store.TryGet([Prefix], out var bytes))
        {
            return TimeSpan.Zero;
        }

        var (keptBoot, seen) = Read(bytes);
        var isSame = boot is not null && keptBoot == boot && now >= seen;
        kept = isSame ? seen : null;
        return isSame ? TimeSpan.Zero : now - seen;
    }

    /// <summary>Keeps the time beside what is committed with it.</summary>
    internal void Keep(MonotonicInstant now)
    {
        if (kept is { } before && now - before < Grain)
        {
            return;
        }

        kept = now;
        value.Clear();
        var to = new ByteWriter(value);
        to.Byte(Version);
        Span<byte> guid = stackalloc byte[GuidBytes];
        (boot ?? Guid.Empty).TryWriteBytes(guid, bigEndian: true, out _);
        to.Raw(guid);
        to.Int64(now.Microseconds);
        store.Put([Prefix], value.Written);
    }

    static (Guid Boot, MonotonicInstant Seen) Read(ReadOnlySpan<byte> bytes)
    {
        var from = new ByteReader(bytes);
        var version = from.Byte();
        return version == Version
            ? (new(from.Take(GuidBytes), bigEndian: true), new(from.Int64()))
            : throw new CorruptStateException($"a store's clock has version {version}, this program knows version {Version}");
    }
}
