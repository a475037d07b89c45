namespace StreamSettle.Connectors.Embedded.Records;

/// <summary>How a column's text becomes a JSON value, as Debezium writes it with <c>decimal.handling.mode=string</c>.</summary>
internal enum CellKind : byte
{
    /// <summary>A string: text, char, enum, json, jsonb, uuid and whatever else.</summary>
    Text,

    /// <summary>The digits as they are.</summary>
    Integer,

    Bool,

    /// <summary>A number, or a string for NaN and the infinities.</summary>
    Float,

    /// <summary>A string at the column's scale.</summary>
    Numeric,

    /// <summary>ISO 8601 in UTC with six digits.</summary>
    TimestampTz,

    /// <summary>Microseconds since the epoch.</summary>
    Timestamp,

    /// <summary>Days since the epoch.</summary>
    Date,

    /// <summary>Base64.</summary>
    Bytes,
}
