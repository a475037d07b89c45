using System.Buffers.Text;
using System.Text.Json;
using StreamSettle.Connectors.Debezium.AvroForms;
using StreamSettle.Connectors.Debezium.Forms;
using StreamSettle.Connectors.Json;
using StreamSettle.Schemas.Registry;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Debezium;

/// <summary>Reads a record's key: <c>{"order_id":1}</c>, also within <c>{"schema","payload"}</c>, a record of Avro with that field, or the value alone, as an outbox's event router writes it.</summary>
/// <param name="schemas">Null where no registry is configured.</param>
internal sealed class KeyReader(string column, IWriterSchemas? schemas)
{
    const int MaxKeyBytes = 64 * 1024;

    readonly MemberName members = new();
    readonly AvroKeyReader avro = new(column, schemas);
    readonly byte[] name = System.Text.Encoding.UTF8.GetBytes(column);

    /// <exception cref="SerdeException">The bytes are no key with that column.</exception>
    public long Read(ReadOnlySpan<byte> source)
    {
        try
        {
            if (source.Length > MaxKeyBytes)
            {
                throw new SerdeException($"a key has {source.Length} bytes, more than {MaxKeyBytes}");
            }

            if (WireFormat.IsFramed(source))
            {
                return avro.Read(source);
            }

            var reader = new Utf8JsonReader(source);
            reader.Read();
            return (reader.TokenType is JsonTokenType.Number or JsonTokenType.String ? ReadAlone(ref reader) : ReadObject(ref reader, depth: 0)) ?? throw new SerdeException($"a key has no {column}");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new SerdeException($"a key with {column} cannot be read: it is no JSON: {e.Message}", e);
        }
    }

    /// <summary>A number, or its digits as a text.</summary>
    long ReadAlone(ref Utf8JsonReader reader)
    {
        var text = reader.ValueSpan;
        return Utf8Parser.TryParse(text, out long value, out var used) && used == text.Length ? value : throw new SerdeException($"a key is {reader.TokenType}, expected a whole number or an object with {column}");
    }

    long? ReadObject(ref Utf8JsonReader reader, int depth)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new SerdeException($"a key is {reader.TokenType}, expected an object with {column}");
        }

        long? found = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = members.Of(in reader);
            var isKey = member.SequenceEqual(name);
            var isPayload = depth == 0 && member.SequenceEqual("payload"u8);
            reader.Read();
            if (isKey)
            {
                found = ColumnValue.Int64(ref reader, column);
            }
            else if (isPayload)
            {
                found = ReadObject(ref reader, depth + 1);
            }
            else
            {
                reader.Skip();
            }
        }

        return found;
    }
}
