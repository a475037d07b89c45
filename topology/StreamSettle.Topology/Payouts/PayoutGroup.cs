using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Topology.Payouts;

/// <summary>A merchant's splits in one currency that gather until their sum is enough: what is known of all of them without looking at one.</summary>
/// <remarks><code>version(1)=1 | count(varint) | sum(16) | minimum(varint) | latestAtUs(1, varint) | isOpen(1)</code></remarks>
/// <param name="Sum">Of the merchant's shares, minor units.</param>
/// <param name="Minimum">The lowest of theirs: it is enough for all.</param>
/// <param name="LatestAt">The first at which one of them waits no longer; null for none.</param>
/// <param name="IsOpen">They are being let go, and whatever joins them meanwhile.</param>
readonly record struct PayoutGroup(long Count, Int128 Sum, long Minimum, UtcInstant? LatestAt, bool IsOpen)
{
    const byte Version = 1;

    public static PayoutGroup None => new(0, 0, long.MaxValue, null, false);

    /// <summary>There is enough.</summary>
    public bool IsEnough => Sum >= Minimum;

    public PayoutGroup With(long amount, long minimum, UtcInstant? latest) =>
        this with { Count = Count + 1, Sum = Sum + amount, Minimum = Math.Min(Minimum, minimum), LatestAt = LatestAt is { } first && !(latest < first) ? first : latest };

    public void Write(ByteWriter to)
    {
        to.Byte(Version);
        to.VarInt64(Count);
        to.Int128(Sum);
        to.VarInt64(Minimum);
        to.NullableVarInt64(LatestAt?.Microseconds);
        to.Bool(IsOpen);
    }

    /// <exception cref="CorruptStateException">The bytes are no group of ours.</exception>
    public static PayoutGroup Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        var version = from.Byte();
        return version == Version
            ? new(from.VarInt64(), from.Int128(), from.VarInt64(), from.NullableVarInt64() is { } at ? new(at) : null, from.Bool())
            : throw new CorruptStateException($"a group of payouts has version {version}, this program knows {Version}");
    }
}
