using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Registry;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Debezium.AvroForms;

/// <summary>Puts the frame that a producer wrote into a header before the bytes that it belongs to. One instance belongs to one reader: what it gives lies in its scratch until the next.</summary>
internal sealed class HeaderFrame
{
    readonly ByteBuffer framed = new(0);

    /// <summary>The key as one with its frame would be; as it is where there is no such header.</summary>
    /// <exception cref="SerdeException">The header is no frame.</exception>
    public ReadOnlySpan<byte> OfKey(ReadOnlySpan<byte> key, Headers headers) => Of(key, headers, WireFormat.KeyHeader);

    /// <summary>The value as one with its frame would be; as it is where there is no such header.</summary>
    /// <exception cref="SerdeException">The header is no frame.</exception>
    public ReadOnlySpan<byte> OfValue(ReadOnlySpan<byte> value, Headers headers) => Of(value, headers, WireFormat.ValueHeader);

    ReadOnlySpan<byte> Of(ReadOnlySpan<byte> bytes, Headers headers, ReadOnlySpan<byte> name)
    {
        if (!headers.TryGet(name, out var frame))
        {
            return bytes;
        }

        if (!WireFormat.IsFrame(frame))
        {
            throw new SerdeException(
                $"its header {System.Text.Encoding.UTF8.GetString(name)} has {frame.Length} bytes, which are no {WireFormat.Magic} with a schema's id ({WireFormat.HeaderBytes} bytes) and no 1 with its GUID ({WireFormat.GuidHeaderBytes})");
        }

        framed.Clear();
        framed.Write(frame);
        framed.Write(bytes);
        return framed.Written;
    }
}
