using System.Runtime.InteropServices;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Streams.Records;

namespace StreamSettle.Streams.Kafka.Native;

/// <summary>Headers between librdkafka's list and the bytes of <see cref="Headers"/>.</summary>
internal static unsafe class NativeHeaders
{
    /// <summary>Writes the message's headers; nothing when it has none.</summary>
    public static void Read(NativeMessage* message, ByteBuffer into)
    {
        into.Clear();
        nint headers;
        if (RecordCalls.rd_kafka_message_headers(message, &headers) != 0)
        {
            return;
        }

        byte* name;
        byte* value;
        nuint size;
        var count = 0u;
        while (RecordCalls.rd_kafka_header_get_all(headers, count, &name, &value, &size) == 0)
        {
            count++;
        }

        var to = new ByteWriter(into);
        to.VarUInt64(count);
        for (nuint i = 0; RecordCalls.rd_kafka_header_get_all(headers, i, &name, &value, &size) == 0; i++)
        {
            to.Span(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name));
            to.NullableSpan(value is null, new ReadOnlySpan<byte>(value, checked((int)size)));
        }
    }

    /// <summary>A list that belongs to the caller until it is produced; 0 for none.</summary>
    public static nint Make(ReadOnlySpan<byte> encoded)
    {
        if (encoded.IsEmpty)
        {
            return 0;
        }

        var from = new ByteReader(encoded);
        var left = from.Count();
        var headers = RecordCalls.rd_kafka_headers_new((nuint)left);
        for (; left > 0; left--)
        {
            var name = from.Span();
            var value = from.NullableSpan(out var isNull);
            fixed (byte* nameStart = name, valueStart = value)
            {
                var empty = (byte)0;
                _ = RecordCalls.rd_kafka_header_add(headers, nameStart, name.Length, isNull ? null : valueStart is null ? &empty : valueStart, value.Length);
            }
        }

        return headers;
    }
}
