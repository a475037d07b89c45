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

/// <summary>Finds the kind of a type.</summary>
internal static class CellKinds
{
    /// <param name="typeOid">OID of <c>pg_type</c>; those of built-in types never change.</param>
    public static CellKind Of(uint typeOid) => typeOid switch
    {
        20 or 21 or 23 or 26 => CellKind.Integer,
        16 => CellKind.Bool,
        700 or 701 => CellKind.Float,
        1700 => CellKind.Numeric,
        1184 => CellKind.TimestampTz,
        1114 => CellKind.Timestamp,
        1082 => CellKind.Date,
        17 => CellKind.Bytes,
        _ => CellKind.Text,
    };
}
