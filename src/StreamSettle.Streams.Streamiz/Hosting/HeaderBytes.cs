using StreamSettle.Kernel.Bytes;
using KafkaHeaders = Confluent.Kafka.Headers;

namespace StreamSettle.Streams.Streamiz.Hosting;

/// <summary>Headers between Confluent's list and the bytes of <see cref="Records.Headers"/>.</summary>
static class HeaderBytes
{
    public static byte[] Of(KafkaHeaders? headers)
    {
        if (headers is null || headers.Count == 0)
        {
            return [];
        }

        var buffer = new ByteBuffer();
        var to = new ByteWriter(buffer);
        to.VarUInt64((ulong)headers.Count);
        foreach (var header in headers)
        {
            to.String(header.Key);
            var value = header.GetValueBytes();
            to.NullableSpan(value is null, value);
        }

        return buffer.Written.ToArray();
    }

    public static KafkaHeaders Read(ReadOnlySpan<byte> encoded)
    {
        var headers = new KafkaHeaders();
        if (!encoded.IsEmpty)
        {
            var from = new ByteReader(encoded);
            for (var left = from.Count(); left > 0; left--)
            {
                var name = from.String();
                var value = from.NullableSpan(out var isNull);
                headers.Add(name, isNull ? null : value.ToArray());
            }
        }

        return headers;
    }
}
