using System.Buffers.Binary;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Delivery.Lanes;

/// <summary>The place of a call in its lane, as a store key: sorts by merchant, lane and arrival. The value is the call's key.</summary>
/// <remarks>
/// <code>
///  0     1               9      10              18
///  +-----+---------------+------+---------------+
///  | 'Q' | merchantId BE | lane | queueNo    BE |   merchant signed with its sign bit flipped
///  +-----+---------------+------+---------------+
/// </code>
/// Golden bytes: <c>CodecTests</c>.
/// </remarks>
internal readonly record struct QueueKey(MerchantId Merchant, Lane Lane, long No)
{
    internal const byte Prefix = (byte)'Q';
    internal const int Size = 1 + sizeof(long) + 1 + sizeof(long);

    internal void Write(Span<byte> destination)
    {
        destination[0] = Prefix;
        BinaryPrimitives.WriteInt64BigEndian(destination[1..], Merchant.Value ^ long.MinValue);
        destination[9] = (byte)Lane;
        BinaryPrimitives.WriteInt64BigEndian(destination[10..], No);
    }

    /// <exception cref="CorruptStateException">The bytes are no key of ours.</exception>
    internal static QueueKey Read(ReadOnlySpan<byte> source)
    {
        if (source.Length != Size || source[0] != Prefix)
        {
            throw new CorruptStateException($"a queue key has {Size} bytes and begins with Q, but there are {source.Length}");
        }

        return new(
            new(BinaryPrimitives.ReadInt64BigEndian(source[1..]) ^ long.MinValue),
            (Lane)source[9],
            BinaryPrimitives.ReadInt64BigEndian(source[10..]));
    }
}
