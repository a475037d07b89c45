using System.Buffers.Binary;
using StreamSettle.Kernel.Bytes;

namespace StreamSettle.Schemas.Registry;

/// <summary>The frame of Confluent's serializers: which schema of the registry wrote the bytes that follow.</summary>
/// <remarks><code>
/// 0(1) | schema id(4, big-endian) | the value in Avro
/// 1(1) | schema's GUID(16, big-endian) | the value in Avro
/// </code>
/// From Confluent's 8.0 on a producer may put what stands before the value into a header instead (<see cref="ValueHeader"/>), which counts where both are there. Source: SchemaId.cs of confluent-kafka-dotnet 2.16.
/// </remarks>
public static class WireFormat
{
    /// <summary>A record's first byte. JSON cannot begin with it.</summary>
    public const byte Magic = 0;

    /// <summary>Bytes before the value.</summary>
    public const int HeaderBytes = 1 + sizeof(int);

    /// <summary>Bytes before the value where the schema's GUID is among them.</summary>
    public const int GuidHeaderBytes = 1 + GuidBytes;

    /// <summary>The other form of the frame, with the schema's GUID instead of its id.</summary>
    const byte GuidMagic = 1;

    const int GuidBytes = 16;

    /// <summary>Of a record whose key is not framed: the frame.</summary>
    public static ReadOnlySpan<byte> KeyHeader => "__key_schema_id"u8;

    /// <summary>Of a record whose value is not framed: the frame.</summary>
    public static ReadOnlySpan<byte> ValueHeader => "__value_schema_id"u8;

    /// <summary>True for a record that has, or should have, such a frame.</summary>
    public static bool IsFramed(ReadOnlySpan<byte> record) => record.Length > 0 && record[0] is Magic or GuidMagic;

    /// <summary>The schema's id, where the record has a whole frame.</summary>
    public static bool TryReadId(ReadOnlySpan<byte> record, out int id)
    {
        var isWhole = record.Length >= HeaderBytes && record[0] == Magic;
        id = isWhole ? BinaryPrimitives.ReadInt32BigEndian(record[1..]) : 0;
        return isWhole;
    }

    /// <summary>By what the record names its schema, where it has a whole frame.</summary>
    public static bool TryReadName(ReadOnlySpan<byte> record, out SchemaName name)
    {
        var isByGuid = record.Length >= GuidHeaderBytes && record[0] == GuidMagic;
        name = isByGuid ? ReadName(record, out _) : TryReadId(record, out var id) ? id : default(SchemaName);
        return isByGuid || name.Id is not null;
    }

    /// <summary>By what the record names its schema; what it wrote goes to <paramref name="value"/>.</summary>
    /// <exception cref="WireFormatException">There is no such frame.</exception>
    public static SchemaName ReadName(ReadOnlySpan<byte> record, out ReadOnlySpan<byte> value)
    {
        if (record.IsEmpty || record[0] != GuidMagic)
        {
            return Read(record, out value);
        }

        if (record.Length < GuidHeaderBytes)
        {
            throw new WireFormatException($"the record has {record.Length} bytes, but magic byte and the schema's GUID are {GuidHeaderBytes}; it was cut off");
        }

        value = record[GuidHeaderBytes..];
        return new SchemaName(new Guid(record[1..GuidHeaderBytes], bigEndian: true));
    }

    /// <summary>True for a frame alone, as it stands in a header.</summary>
    public static bool IsFrame(ReadOnlySpan<byte> bytes) =>
        (bytes.Length == HeaderBytes && bytes[0] == Magic) || (bytes.Length == GuidHeaderBytes && bytes[0] == GuidMagic);

    /// <summary>The schema's id, where nothing but ids is written; what it wrote goes to <paramref name="value"/>.</summary>
    /// <exception cref="WireFormatException">There is no such frame.</exception>
    public static int Read(ReadOnlySpan<byte> record, out ReadOnlySpan<byte> value)
    {
        if (record.IsEmpty || record[0] != Magic)
        {
            throw new WireFormatException(record.IsEmpty ? "the record is empty; a deleted key's record has no value at all"
                : record[0] == GuidMagic ? "the record names its schema by a GUID (magic byte 1), and ids are written here"
                : $"the record begins with byte {record[0]}, not with the 0 of a registry's serializer; its producer writes another form");
        }

        if (record.Length < HeaderBytes)
        {
            throw new WireFormatException($"the record has {record.Length} bytes, but magic byte and schema id are {HeaderBytes}; it was cut off");
        }

        var id = BinaryPrimitives.ReadInt32BigEndian(record[1..]);
        value = record[HeaderBytes..];
        return id >= 0 ? id : throw new WireFormatException($"the record's schema id is {id}, and a registry gives none below 0");
    }

    /// <summary>Writes the frame; the value goes behind it.</summary>
    public static void Write(int schemaId, ByteBuffer to) => Write(schemaId, new ByteWriter(to));

    /// <inheritdoc cref="Write(int, ByteBuffer)"/>
    public static void Write(int schemaId, ByteWriter to)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(schemaId);
        Span<byte> header = stackalloc byte[HeaderBytes];
        header[0] = Magic;
        BinaryPrimitives.WriteInt32BigEndian(header[1..], schemaId);
        to.Raw(header);
    }
}

/// <summary>A record is not framed as a registry's serializers do it. Reading it again gives the same.</summary>
public sealed class WireFormatException(string message) : Exception(message);
