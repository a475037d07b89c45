using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;

namespace StreamSettle.Delivery.Groups;

/// <summary>What a record of <c>downstream-budgets</c> is about: a system.</summary>
/// <remarks>
/// <code>
///  leg(1)
/// </code>
/// </remarks>
public readonly record struct GroupKey(Leg Leg) : IBinary<GroupKey>
{
    public void Write(ByteWriter to) => to.Byte((byte)Leg);

    public static GroupKey Read(ReadOnlySpan<byte> source) => new((Leg)new ByteReader(source).Byte());
}
