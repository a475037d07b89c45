namespace StreamSettle.Connectors.Debezium.Rows;

/// <summary>What a column holds, in whatever form it comes.</summary>
internal enum RowValue : byte
{
    /// <summary>A whole number of 64 bits.</summary>
    Integer,

    /// <summary>A decimal of any precision.</summary>
    Decimal,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>UTF-8.</summary>
    Text,

    /// <summary>JSON text; a transformation may have expanded it.</summary>
    Json,

    /// <summary>A label of <c>order_status</c>.</summary>
    Label,

    /// <summary>An instant in UTC, to the microsecond.</summary>
    Instant,
}
