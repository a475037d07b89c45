using System.Text;
using System.Text.Json;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Debezium.Forms;

/// <summary>Reads the value that the reader stands on as what the column holds; JSON null is null.</summary>
/// <exception cref="SerdeException">Every read, when the value is something else: the message names the column and what was found.</exception>
internal static class ColumnValue
{
    /// <summary>Longest part of a found value that a message quotes.</summary>
    const int QuotedBytes = 40;

    public static long? Int64(ref Utf8JsonReader reader, string column) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.Number when reader.TryGetInt64(out var value) => value,
        _ => throw Wrong(ref reader, column, "a whole number of 64 bits"),
    };

    public static bool? Bool(ref Utf8JsonReader reader, string column) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Wrong(ref reader, column, "true or false"),
    };

    public static TextRange? Text(ref Utf8JsonReader reader, string column, TextStore store) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String => store.Take(ref reader),
        _ => throw Wrong(ref reader, column, "a string"),
    };

    /// <summary>A label of an enum; an escape is in none that we know.</summary>
    public static ReadOnlySpan<byte> Label(ref Utf8JsonReader reader, string column) => reader.TokenType == JsonTokenType.String
        ? reader.ValueSpan
        : throw new SerdeException($"column {column} is {reader.TokenType}, expected a label of order_status");

    /// <summary>JSON text: as the string that holds it, or as the value itself where a transformation has expanded it.</summary>
    public static TextRange? Json(ref Utf8JsonReader reader, string column, TextStore store)
    {
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return Text(ref reader, column, store);
        }

        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return new(start, (int)reader.BytesConsumed - start, false);
    }

    public static DecimalAmount? Decimal(ref Utf8JsonReader reader, string column, ColumnPlan plan)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        DecimalAmount value = default;
        var good = reader.TokenType switch
        {
            JsonTokenType.String when reader.ValueIsEscaped => false,
            JsonTokenType.String when plan.Scale is { } scale => DecimalForms.TryBase64(reader.ValueSpan, scale, out value),
            JsonTokenType.String or JsonTokenType.Number => DecimalForms.TryText(reader.ValueSpan, out value),
            JsonTokenType.StartObject => DecimalForms.TryStruct(ref reader, out value),
            _ => false,
        };
        return good ? value : throw Wrong(ref reader, column, plan.Scale is null
            ? "a decimal; without a schema in the record decimal.handling.mode must be string"
            : "a decimal in base64");
    }

    public static UtcInstant? Instant(ref Utf8JsonReader reader, string column, ColumnPlan plan)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped && UtcInstant.TryParse(reader.ValueSpan, out var value) && ReadableInstants.Has(value))
        {
            return value;
        }

        if (reader.TokenType == JsonTokenType.Number && plan.PerSecond > 0 && reader.TryGetInt64(out var units) && ReadableInstants.OfUnits(units, plan.PerSecond) is { } counted)
        {
            return counted;
        }

        throw Wrong(ref reader, column, "a finite ISO 8601 instant with Z or an offset, to the microsecond, in the years 1 to 9999");
    }

    static SerdeException Wrong(ref Utf8JsonReader reader, string column, string expected)
    {
        var found = reader.ValueSpan;
        var quoted = found.Length > QuotedBytes ? Encoding.UTF8.GetString(found[..QuotedBytes]) + "..." : Encoding.UTF8.GetString(found);
        return new($"column {column} is {reader.TokenType} '{quoted}', expected {expected}");
    }
}
