using System.Runtime.InteropServices;

namespace StreamSettle.Streams.Kafka.Native;

/// <summary>librdkafka's <c>rd_kafka_message_t</c>, as a consumer gets it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeMessage
{
    /// <summary>0 for a record; else what <see cref="Value"/> has the text of.</summary>
    public int Error;
    public nint Topic;
    public int Partition;
    public byte* Value;
    public nuint ValueLength;
    public byte* Key;
    public nuint KeyLength;

    /// <summary>Of a record, or of the end of the partition: the next offset to fetch.</summary>
    public long Offset;
    readonly nint reserved;

    public readonly ReadOnlySpan<byte> KeySpan => new(Key, checked((int)KeyLength));

    public readonly ReadOnlySpan<byte> ValueSpan => new(Value, checked((int)ValueLength));
}
