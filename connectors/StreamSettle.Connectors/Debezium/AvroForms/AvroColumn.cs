namespace StreamSettle.Connectors.Debezium.AvroForms;

/// <summary>In which form a writer's schema has a column.</summary>
internal enum AvroColumnForm : byte
{
    /// <summary>The table has no such column.</summary>
    Missing,
    Integer,
    Flag,
    Text,

    /// <summary>A label of an enum, as text.</summary>
    Label,

    /// <summary>Digits without the point, the scale in the schema.</summary>
    Decimal,

    /// <summary>A decimal's text: <c>decimal.handling.mode=string</c>.</summary>
    DecimalText,

    /// <summary>A whole number for a decimal.</summary>
    DecimalInteger,

    /// <summary>A record of scale and digits: a <c>numeric</c> without them.</summary>
    DecimalStruct,

    /// <summary>ISO 8601 with an offset.</summary>
    InstantText,

    /// <summary>Units since 1970.</summary>
    InstantUnits,
}

/// <summary>A column as one writer's schema has it.</summary>
/// <param name="Scale">Of a decimal.</param>
/// <param name="PerSecond">Units of a timestamp that is a whole number.</param>
internal readonly record struct AvroColumn(AvroColumnForm Form, int Scale = 0, long PerSecond = 0);
