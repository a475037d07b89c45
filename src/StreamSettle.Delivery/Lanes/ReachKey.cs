using System.Buffers.Binary;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Delivery.Lanes;

/// <summary>
/// How far into a lane's queue calls were under way together with the first one: up to there a start looks at each call's state, behind it calls only wait. Written with the
/// marks of a run that reaches farther, and left alone until the lane is empty. The value is the queue number of the last one.
/// </summary>
/// <remarks>
/// <code>
///  0     1               9      10
///  +-----+---------------+------+      +------------+
///  | 'W' | merchantId BE | lane |  ->  | queueNo BE |   merchant signed with its sign bit flipped
///  +-----+---------------+------+      +------------+
/// </code>
/// Golden bytes: <c>CodecTests</c>.
/// </remarks>
internal readonly record struct ReachKey(MerchantId Merchant, Lane Lane)
{
    internal const byte Prefix = (byte)'W';
    internal const int Size = 1 + sizeof(long) + 1;

    internal void Write(Span<byte> destination)
    {
        destination[0] = Prefix;
        BinaryPrimitives.WriteInt64BigEndian(destination[1..], Merchant.Value ^ long.MinValue);
        destination[9] = (byte)Lane;
    }

    /// <exception cref="CorruptStateException">The bytes are no key of ours.</exception>
    internal static ReachKey Read(ReadOnlySpan<byte> source) => source.Length == Size && source[0] == Prefix
        ? new(new(BinaryPrimitives.ReadInt64BigEndian(source[1..]) ^ long.MinValue), (Lane)source[9])
        : throw new CorruptStateException($"a key of a lane's reach has {Size} bytes and begins with W, but there are {source.Length}");
}
