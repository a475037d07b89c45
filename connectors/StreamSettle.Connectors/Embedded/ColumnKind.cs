namespace StreamSettle.Connectors.Embedded;

/// <summary>What a column that settlement reads must hold.</summary>
internal enum ColumnKind
{
    /// <summary>Anything that has a text.</summary>
    Any,
    Integer,
    Numeric,
    TimestampTz,
    Boolean,

    /// <summary>Text that is compared as it is, so that padding would change it.</summary>
    Text,

    /// <summary>A label of <c>order_status</c>.</summary>
    Status,

    /// <summary>ISO 3166, two letters.</summary>
    Country,

    /// <summary>ISO 4217, three letters.</summary>
    Currency,
}
