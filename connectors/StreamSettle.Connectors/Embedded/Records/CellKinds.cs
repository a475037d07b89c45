namespace StreamSettle.Connectors.Embedded.Records;

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
