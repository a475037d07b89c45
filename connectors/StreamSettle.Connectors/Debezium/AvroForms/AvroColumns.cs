using StreamSettle.Connectors.Debezium.Rows;
using StreamSettle.Schemas.Avro;
using StreamSettle.Schemas.Avro.Logical;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Debezium.AvroForms;

/// <summary>Finds in which form a writer's schema has a column, as Connect's converters write Debezium's types.</summary>
internal static class AvroColumns
{
    const long Milli = 1_000;
    const long Micro = 1_000_000;
    const long Nano = 1_000_000_000;

    /// <exception cref="SerdeException">The column is in a form that is not read as what it must hold; the message says which are.</exception>
    public static AvroColumn Of(string name, RowValue wanted, AvroSchema schema)
    {
        var own = Present(schema);
        var column = (wanted, own) switch
        {
            (RowValue.Integer, { Type: AvroType.Int or AvroType.Long }) => new(AvroColumnForm.Integer),
            (RowValue.Flag, { Type: AvroType.Boolean }) => new(AvroColumnForm.Flag),
            (RowValue.Text or RowValue.Json, { Type: AvroType.String or AvroType.Enum }) => new(AvroColumnForm.Text),
            (RowValue.Label, { Type: AvroType.String or AvroType.Enum }) => new(AvroColumnForm.Label),
            (RowValue.Instant, { Type: AvroType.String }) => new(AvroColumnForm.InstantText),
            (RowValue.Instant, { Type: AvroType.Long }) when PerSecond(own) is > 0 and var units => new(AvroColumnForm.InstantUnits, PerSecond: units),
            (RowValue.Decimal, { Logical: { Kind: LogicalKind.Decimal } type }) => new(AvroColumnForm.Decimal, type.Scale),
            (RowValue.Decimal, { Type: AvroType.String }) => new(AvroColumnForm.DecimalText),
            (RowValue.Decimal, { Type: AvroType.Int or AvroType.Long }) => new(AvroColumnForm.DecimalInteger),
            (RowValue.Decimal, RecordSchema record) when IsScaleAndDigits(record) => new(AvroColumnForm.DecimalStruct),
            _ => default(AvroColumn),
        };
        return column.Form != AvroColumnForm.Missing ? column : throw new SerdeException($"column {name} is {own.Description} in the writer's schema, expected {Expected(wanted)}");
    }

    /// <summary>The one type that a nullable column has when it is not null.</summary>
    static AvroSchema Present(AvroSchema schema)
    {
        var types = schema is UnionSchema union ? union.Branches.Where(branch => branch.Type != AvroType.Null).ToList() : [schema];
        return types.Count == 1 ? types[0] : schema;
    }

    static bool IsScaleAndDigits(RecordSchema record) =>
        record.Field("scale")?.Schema.Type == AvroType.Int && record.Field("value")?.Schema.Type is AvroType.Bytes or AvroType.Fixed;

    static long PerSecond(AvroSchema schema) => (schema.Logical?.Kind, schema.Attribute("connect.name")) switch
    {
        (LogicalKind.TimestampMillis, _) or (_, "io.debezium.time.Timestamp" or "org.apache.kafka.connect.data.Timestamp") => Milli,
        (LogicalKind.TimestampMicros, _) or (_, "io.debezium.time.MicroTimestamp") => Micro,
        (LogicalKind.TimestampNanos, _) or (_, "io.debezium.time.NanoTimestamp") => Nano,
        _ => 0,
    };

    static string Expected(RowValue wanted) => wanted switch
    {
        RowValue.Integer => "int or long",
        RowValue.Flag => "boolean",
        RowValue.Instant => "a string in ISO 8601, or a long that is annotated as a timestamp",
        RowValue.Decimal => "a decimal; set decimal.handling.mode to precise or string, as a double cannot hold money",
        _ => "string",
    };
}
