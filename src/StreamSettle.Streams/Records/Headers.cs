using StreamSettle.Kernel.Bytes;

namespace StreamSettle.Streams.Records;

/// <summary>A record's headers in their order, as a view of their encoded bytes; <c>default</c> is none.</summary>
/// <remarks><code>count(varint) { name(span, UTF-8) value(nullable span) }...</code> Empty bytes are no headers.</remarks>
public readonly ref struct Headers(ReadOnlySpan<byte> encoded)
{
    /// <summary>The encoded bytes, to be copied as they are.</summary>
    public ReadOnlySpan<byte> Encoded { get; } = encoded;

    /// <summary>The last header of that name, as Kafka's <c>lastHeader</c>.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        var found = false;
        if (Encoded.IsEmpty)
        {
            return false;
        }

        var from = new ByteReader(Encoded);
        for (var left = from.Count(); left > 0; left--)
        {
            var isThis = from.Span().SequenceEqual(name);
            var read = from.NullableSpan(out _);
            if (isThis)
            {
                value = read;
                found = true;
            }
        }

        return found;
    }

    /// <summary>Encodes name-value pairs.</summary>
    public static byte[] Encode(params ReadOnlySpan<(string Name, byte[]? Value)> headers)
    {
        var buffer = new ByteBuffer();
        var to = new ByteWriter(buffer);
        to.VarUInt64((ulong)headers.Length);
        foreach (var (name, value) in headers)
        {
            to.String(name);
            to.NullableSpan(value is null, value);
        }

        return buffer.Written.ToArray();
    }
}
