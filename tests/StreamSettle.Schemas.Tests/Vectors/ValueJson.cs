using System.Globalization;
using System.Text.Json;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Avro.Logical;

namespace StreamSettle.Schemas.Tests.Vectors;

/// <summary>Compares values with the JSON of the cases, where <c>$hex</c>, <c>$decimal</c>, <c>$instant</c>, <c>$date</c> and <c>$time</c> wrap what JSON has not.</summary>
static class ValueJson
{
    /// <summary>What differs; null where nothing does.</summary>
    public static string? Difference(AvroValue value, AvroSchema schema, JsonElement expected) =>
        Agrees(value, schema, expected) ? null : $"{value} instead of {expected.GetRawText()}";

    static bool Agrees(AvroValue value, AvroSchema schema, JsonElement expected) => value switch
    {
        AvroValue.Union union => Agrees(union.Value, ((UnionSchema)schema).Branches[union.Branch], expected),
        AvroValue.Record record => Same(record.Schema.Fields.Select((field, i) => (field.Name, record.Fields[i], field.Schema)), expected),
        AvroValue.Map map => Same(map.Entries.Select(entry => (entry.Key, entry.Value, ((MapSchema)schema).Values)), expected),
        AvroValue.Array array => expected.ValueKind == JsonValueKind.Array && array.Items.Count == expected.GetArrayLength()
            && array.Items.Zip(expected.EnumerateArray()).All(pair => Agrees(pair.First, ((ArraySchema)schema).Items, pair.Second)),
        AvroValue.Null => expected.ValueKind == JsonValueKind.Null,
        AvroValue.Boolean one => expected.ValueKind == (one.Value ? JsonValueKind.True : JsonValueKind.False),
        AvroValue.Float one => expected.ValueKind == JsonValueKind.Number && one.Value.Equals(expected.GetSingle()),
        AvroValue.Double one => expected.ValueKind == JsonValueKind.Number && one.Value.Equals(expected.GetDouble()),
        AvroValue.Text one => expected.ValueKind == JsonValueKind.String && one.Value == expected.GetString(),
        AvroValue.Enum one => expected.ValueKind == JsonValueKind.String && one.Symbol == expected.GetString(),
        AvroValue.Bytes one => Bytes(one.Value.Span, schema.Logical, expected),
        AvroValue.Int one => Number(one.Value, schema.Logical, expected),
        AvroValue.Long one => Number(one.Value, schema.Logical, expected),
        _ => false,
    };

    static bool Same(IEnumerable<(string Name, AvroValue Value, AvroSchema Schema)> parts, JsonElement expected)
    {
        var all = parts.ToList();
        return expected.ValueKind == JsonValueKind.Object && all.Count == expected.EnumerateObject().Count()
            && all.TrueForAll(part => expected.TryGetProperty(part.Name, out var own) && Agrees(part.Value, part.Schema, own));
    }

    static bool Bytes(ReadOnlySpan<byte> value, LogicalType? logical, JsonElement expected)
    {
        if (Wrapped(expected, "$decimal") is { } text)
        {
            DecimalAmount.TryParse(System.Text.Encoding.ASCII.GetBytes(text), out var amount);
            var found = UnscaledDecimal.Read(value, logical!.Scale);
            return found.TryToMinor(logical.Scale, out var minor) && amount.TryToMinor(logical.Scale, out var wanted) && minor == wanted;
        }

        return Wrapped(expected, "$hex") == Convert.ToHexStringLower(value);
    }

    static bool Number(long value, LogicalType? logical, JsonElement expected)
    {
        if (Wrapped(expected, "$date") is { } date)
        {
            return LogicalValues.Date((int)value) == DateOnly.Parse(date, CultureInfo.InvariantCulture);
        }

        if (Wrapped(expected, "$time") is { } time)
        {
            return LogicalValues.Time(logical!.Kind, value) == TimeOnly.Parse(time, CultureInfo.InvariantCulture);
        }

        return Wrapped(expected, "$instant") is { } instant
            ? LogicalValues.Timestamp(logical!.Kind, value) == UtcInstant.Parse(instant)
            : expected.ValueKind == JsonValueKind.Number && expected.GetInt64() == value;
    }

    static string? Wrapped(JsonElement expected, string name) => expected.ValueKind == JsonValueKind.Object && expected.TryGetProperty(name, out var text) ? text.GetString() : null;
}
