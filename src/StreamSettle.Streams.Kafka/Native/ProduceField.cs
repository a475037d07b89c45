using System.Runtime.InteropServices;

namespace StreamSettle.Streams.Kafka.Native;

/// <summary>librdkafka's <c>rd_kafka_vu_t</c>: one argument of <c>rd_kafka_produceva</c>.</summary>
/// <remarks><code>kind(4) | padding(4) | union(64): pointer, number, or pointer and size</code></remarks>
[StructLayout(LayoutKind.Explicit, Size = 72)]
internal unsafe struct ProduceField
{
    public const int Topic = 2;
    public const int Partition = 3;
    public const int Value = 4;
    public const int Key = 5;
    public const int Flags = 7;
    public const int Timestamp = 8;
    public const int Headers = 10;

    [FieldOffset(0)]
    public int Kind;

    [FieldOffset(8)]
    public void* Pointer;

    [FieldOffset(8)]
    public int Int32;

    [FieldOffset(8)]
    public long Int64;

    [FieldOffset(16)]
    public nuint Size;
}
