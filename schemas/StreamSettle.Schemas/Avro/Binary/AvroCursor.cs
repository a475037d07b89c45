using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Unicode;
using StreamSettle.Schemas.Avro.Reading;

namespace StreamSettle.Schemas.Avro.Binary;

/// <summary>Reads Avro's primitive values from bytes, as <see cref="AvroEncoder"/> writes them, and keeps the limits of one value.</summary>
/// <exception cref="AvroDataException">Every read, when the bytes are not such a value.</exception>
internal ref struct AvroCursor
{
    const int MaxIntBytes = 5;
    const int MaxLongBytes = 10;

    /// <summary>The bit of each of eight bytes that says that its number goes on.</summary>
    const ulong Continued = 0x8080808080808080;

    readonly ReadOnlySpan<byte> source;
    int at;
    int itemsLeft;
    int depthLeft;

    public AvroCursor(ReadOnlySpan<byte> source, AvroLimits limits)
    {
        this.source = source;
        itemsLeft = limits.MaxItems;
        depthLeft = limits.MaxDepth;
        if (source.Length > limits.MaxBytes)
        {
            throw Fault(AvroFault.OverLimit, $"the value has {source.Length} bytes, more than {limits.MaxBytes}");
        }
    }

    public readonly int Position => at;

    readonly int Left => source.Length - at;

    public void ExpectEnd()
    {
        if (at != source.Length)
        {
            throw Fault(AvroFault.TrailingBytes, $"the value ends here, but {Left} bytes follow; another schema may have written them");
        }
    }

    /// <summary>Goes into a record, an array or a map.</summary>
    public void Enter()
    {
        if (--depthLeft < 0)
        {
            throw Fault(AvroFault.OverLimit, "values are nested deeper than the reader follows");
        }
    }

    public void Leave() => depthLeft++;

    public void CountItems(long count)
    {
        if (count > itemsLeft)
        {
            throw Fault(AvroFault.OverLimit, "the value has more records and items than the reader takes");
        }

        itemsLeft -= (int)count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Int()
    {
        if ((uint)at < (uint)source.Length && source[at] < 0x80)
        {
            uint small = source[at++];
            return (int)(small >> 1) ^ -(int)(small & 1);
        }

        return LongInt();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Long()
    {
        if ((uint)at < (uint)source.Length && source[at] < 0x80)
        {
            ulong small = source[at++];
            return (long)(small >> 1) ^ -(long)(small & 1);
        }

        return LongLong();
    }

    void SkipVarint(int maxBytes)
    {
        for (var i = 0; i < maxBytes; i++)
        {
            if (at >= source.Length)
            {
                throw Truncated(1);
            }

            if (source[at++] < 0x80)
            {
                return;
            }
        }

        throw Fault(AvroFault.NumberTooLong, $"a number is longer than {maxBytes} bytes");
    }

    public void SkipInt() => SkipVarint(MaxIntBytes);

    public void SkipLong()
    {
        if (Left >= sizeof(ulong))
        {
            var ends = ~BinaryPrimitives.ReadUInt64LittleEndian(source[at..]) & Continued;
            if (ends != 0)
            {
                at += BitOperations.TrailingZeroCount(ends) / 8 + 1;
                return;
            }
        }

        SkipVarint(MaxLongBytes);
    }

    public bool Boolean() => Take(1)[0] switch
    {
        0 => false,
        1 => true,
        var other => throw FaultBefore(1, AvroFault.BadBoolean, $"a boolean is 0 or 1, but the byte is {other}"),
    };

    public float Float() => BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));

    /// <summary>Bytes, or a string's that are not looked at.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Bytes() => Take(Length());

    public ReadOnlySpan<byte> Text()
    {
        var text = Bytes();
        return Utf8.IsValid(text) ? text : throw FaultBefore(text.Length, AvroFault.BadText, "a string is no UTF-8; what is not text must be written as bytes");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Take(int length)
    {
        if ((uint)length > (uint)(source.Length - at))
        {
            throw Truncated(length);
        }

        var taken = source.Slice(at, length);
        at += length;
        return taken;
    }

    /// <summary>The index of a branch or a symbol.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Index(int count, AvroFault fault)
    {
        var start = at;
        var index = Long();
        return (ulong)index < (ulong)count ? (int)index : throw OutOfRange(start, index, count, fault);
    }

    /// <summary>The number of items of the next block; 0 at the end.</summary>
    /// <param name="itemBytes">The fewest bytes that an item can have.</param>
    /// <param name="bytes">How long the block says it is; -1 where it does not say.</param>
    public long Block(int itemBytes, out int bytes)
    {
        var start = at;
        var count = Long();
        bytes = -1;
        if (count < 0)
        {
            bytes = Length();
            if (bytes > Left)
            {
                throw Truncated(bytes);
            }

            count = count == long.MinValue ? long.MaxValue : -count;
        }

        return (Int128)count * itemBytes <= Left ? count : throw new AvroDataException(AvroFault.Truncated, start, $"a block says that it has {count} items, but only {Left} bytes are left");
    }

    public readonly void ExpectBlockEnd(int end)
    {
        if (at != end)
        {
            throw Fault(AvroFault.BadBlock, $"a block said that it ends at byte {end}, but its items end here");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int Length()
    {
        var start = at;
        var length = Long();
        if ((ulong)length > int.MaxValue)
        {
            throw BadLength(start, length);
        }

        return (int)length;
    }

    int LongInt()
    {
        var start = at;
        uint value = 0;
        for (var i = 0; i < MaxIntBytes; i++)
        {
            if (at >= source.Length)
            {
                throw Truncated(1);
            }

            uint part = source[at++];
            value |= (part & 0x7F) << (7 * i);
            if (part < 0x80)
            {
                return i < MaxIntBytes - 1 || part < 0x10 ? (int)(value >> 1) ^ -(int)(value & 1) : throw TooLong(start, "an int");
            }
        }

        throw TooLong(start, "an int");
    }

    long LongLong()
    {
        var start = at;
        if (source.Length - at >= sizeof(ulong))
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(source[at..]);
            var ends = ~word & Continued;
            if (ends != 0)
            {
                var bits = BitOperations.TrailingZeroCount(ends) + 1;
                at += bits / 8;
                var value = Groups(word & (ulong.MaxValue >> (64 - bits)));
                return (long)(value >> 1) ^ -(long)(value & 1);
            }
        }

        return BytewiseLong(start);
    }

    long BytewiseLong(int start)
    {
        ulong value = 0;
        for (var i = 0; i < MaxLongBytes; i++)
        {
            if (at >= source.Length)
            {
                throw Truncated(1);
            }

            ulong part = source[at++];
            value |= (part & 0x7F) << (7 * i);
            if (part < 0x80)
            {
                return i < MaxLongBytes - 1 || part < 2 ? (long)(value >> 1) ^ -(long)(value & 1) : throw TooLong(start, "a long");
            }
        }

        throw TooLong(start, "a long");
    }

    /// <summary>Puts the seven low bits of eight bytes together, the first byte's lowest.</summary>
    static ulong Groups(ulong word)
    {
        word &= 0x7F7F7F7F7F7F7F7F;
        word = (word & 0x007F007F007F007F) | ((word & 0x7F007F007F007F00) >> 1);
        word = (word & 0x00003FFF00003FFF) | ((word & 0x3FFF00003FFF0000) >> 2);
        return (word & 0x000000000FFFFFFF) | ((word & 0x0FFFFFFF00000000) >> 4);
    }

    readonly AvroDataException Fault(AvroFault fault, string problem) => new(fault, at, problem);

    readonly AvroDataException FaultBefore(int bytes, AvroFault fault, string problem) => new(fault, at - bytes, problem);

    readonly AvroDataException Truncated(int wanted) => Fault(AvroFault.Truncated, $"{wanted} bytes are to come, but {Left} are left");

    static AvroDataException TooLong(int start, string what) => new(AvroFault.NumberTooLong, start, $"{what} has more bits than its type");

    static AvroDataException BadLength(int start, long length) => length < 0
        ? new(AvroFault.NegativeLength, start, $"a length is {length}")
        : new(AvroFault.Truncated, start, $"a length is {length}, more than there can be");

    static AvroDataException OutOfRange(int start, long index, int count, AvroFault fault) =>
        new(fault, start, $"there is no {(fault == AvroFault.BadBranch ? "branch" : "symbol")} {index}, the schema has {count} from 0 on; another schema may have written this");
}
