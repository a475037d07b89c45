using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Topology.Payouts;

/// <summary>How many splits wait for one instant in one currency, and what of them is the merchants'.</summary>
/// <remarks><code>version(1)=1 | count(varint) | sum(16)</code></remarks>
/// <param name="Sum">Minor units.</param>
public readonly record struct PayoutSum(long Count, Int128 Sum)
{
    const byte Version = 1;

    public static PayoutSum operator +(PayoutSum one, PayoutSum other) => new(one.Count + other.Count, one.Sum + other.Sum);

    internal void Write(ByteWriter to)
    {
        to.Byte(Version);
        to.VarInt64(Count);
        to.Int128(Sum);
    }

    /// <exception cref="CorruptStateException">The bytes are no sum of ours.</exception>
    internal static PayoutSum Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        var version = from.Byte();
        return version == Version ? new(from.VarInt64(), from.Int128()) : throw new CorruptStateException($"a sum of payouts has version {version}, this program knows {Version}");
    }
}
