using System.Buffers.Binary;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;

namespace StreamSettle.Delivery.Groups;

/// <summary>What a record of <c>downstream-budgets</c> is about: a system, or a turn of one of its small limits. What is of one turn is in one partition, in the log's order.</summary>
/// <remarks>
/// <code>
///  leg(1)
///  leg(1) | window, us(8) | index(4, BE)
/// </code>
/// </remarks>
/// <param name="Window">Of the limit; null of the system itself.</param>
/// <param name="Index">Which of the limit's turns.</param>
public readonly record struct GroupKey(Leg Leg, TimeSpan? Window = null, int Index = 0) : IBinary<GroupKey>
{
    public void Write(ByteWriter to)
    {
        to.Byte((byte)Leg);
        if (Window is { } window)
        {
            to.Int64(window.Ticks / TimeSpan.TicksPerMicrosecond);
            Span<byte> index = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32BigEndian(index, Index);
            to.Raw(index);
        }
    }

    public static GroupKey Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        var leg = (Leg)from.Byte();
        return from.AtEnd ? new(leg) : new(leg, TimeSpan.FromMicroseconds(from.Int64()), BinaryPrimitives.ReadInt32BigEndian(from.Take(sizeof(int))));
    }
}
