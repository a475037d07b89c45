using System.Text.Json;

namespace StreamSettle.Schemas.Avro.Logical;

/// <summary>What a value means beyond its type.</summary>
/// <param name="Precision">Digits of a decimal; 0 for all others.</param>
/// <param name="Scale">How many of a decimal's digits stand behind the point.</param>
public sealed record LogicalType(LogicalKind Kind, int Precision = 0, int Scale = 0)
{
    const int UuidBytes = 16;
    const int DurationBytes = 12;
    const double DigitsPerBit = 0.30102999566398119521;

    /// <summary>The annotation of a schema's text; null where it is missing, unknown or does not fit the type, which is then read without it.</summary>
    internal static LogicalType? Of(AvroSchema schema, JsonElement text)
    {
        var name = text.TryGetProperty("logicalType", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return (name, schema.Type) switch
        {
            ("decimal", AvroType.Bytes) => Decimal(text, int.MaxValue),
            ("decimal", AvroType.Fixed) => Decimal(text, MaxDigits(((FixedSchema)schema).Size)),
            ("uuid", AvroType.String) => new(LogicalKind.Uuid),
            ("uuid", AvroType.Fixed) when ((FixedSchema)schema).Size == UuidBytes => new(LogicalKind.Uuid),
            ("date", AvroType.Int) => new(LogicalKind.Date),
            ("time-millis", AvroType.Int) => new(LogicalKind.TimeMillis),
            ("time-micros", AvroType.Long) => new(LogicalKind.TimeMicros),
            ("timestamp-millis", AvroType.Long) => new(LogicalKind.TimestampMillis),
            ("timestamp-micros", AvroType.Long) => new(LogicalKind.TimestampMicros),
            ("timestamp-nanos", AvroType.Long) => new(LogicalKind.TimestampNanos),
            ("local-timestamp-millis", AvroType.Long) => new(LogicalKind.LocalTimestampMillis),
            ("local-timestamp-micros", AvroType.Long) => new(LogicalKind.LocalTimestampMicros),
            ("local-timestamp-nanos", AvroType.Long) => new(LogicalKind.LocalTimestampNanos),
            ("duration", AvroType.Fixed) when ((FixedSchema)schema).Size == DurationBytes => new(LogicalKind.Duration),
            _ => null,
        };
    }

    static LogicalType? Decimal(JsonElement text, int maxPrecision)
    {
        var precision = Number(text, "precision", null);
        var scale = Number(text, "scale", 0);
        return precision is { } digits && scale is { } behind && digits >= 1 && digits <= maxPrecision && behind >= 0 && behind <= digits
            ? new(LogicalKind.Decimal, digits, behind)
            : null;
    }

    static int? Number(JsonElement text, string name, int? missing) =>
        !text.TryGetProperty(name, out var value) ? missing
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    static int MaxDigits(int bytes) => bytes == 0 ? 0 : (int)Math.Min(int.MaxValue, Math.Floor(DigitsPerBit * (8.0 * bytes - 1)));
}
