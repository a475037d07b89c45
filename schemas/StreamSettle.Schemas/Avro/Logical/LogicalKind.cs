namespace StreamSettle.Schemas.Avro.Logical;

/// <summary>The logical types of Avro's specification.</summary>
public enum LogicalKind : byte
{
    /// <summary>On bytes or fixed: two's-complement big-endian digits without the point.</summary>
    Decimal,

    /// <summary>On string as text, on fixed(16) in the order of RFC 4122.</summary>
    Uuid,

    /// <summary>On int: days since 1970-01-01.</summary>
    Date,

    /// <summary>On int: since midnight.</summary>
    TimeMillis,

    /// <summary>On long: since midnight.</summary>
    TimeMicros,

    /// <summary>On long: since 1970-01-01T00:00:00Z.</summary>
    TimestampMillis,

    /// <summary>On long: since 1970-01-01T00:00:00Z.</summary>
    TimestampMicros,

    /// <summary>On long: since 1970-01-01T00:00:00Z.</summary>
    TimestampNanos,

    /// <summary>On long: of a wall clock, without a zone.</summary>
    LocalTimestampMillis,

    /// <summary>On long: of a wall clock, without a zone.</summary>
    LocalTimestampMicros,

    /// <summary>On long: of a wall clock, without a zone.</summary>
    LocalTimestampNanos,

    /// <summary>On fixed(12): months, days, milliseconds, each an unsigned little-endian number of 4 bytes.</summary>
    Duration,
}
