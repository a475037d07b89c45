namespace StreamSettle.Schemas.Avro.Reading;

/// <summary>In what way bytes are not of the writer's schema.</summary>
public enum AvroFault : byte
{
    /// <summary>They end within a value.</summary>
    Truncated,

    /// <summary>A number has more bits than its type.</summary>
    NumberTooLong,

    /// <summary>A boolean is neither 0 nor 1.</summary>
    BadBoolean,

    /// <summary>A union's index names no branch.</summary>
    BadBranch,

    /// <summary>An enum's index names no symbol.</summary>
    BadSymbol,

    /// <summary>A length or a count is below 0.</summary>
    NegativeLength,

    /// <summary>A block is not as long as it says.</summary>
    BadBlock,

    /// <summary>A string is no UTF-8.</summary>
    BadText,

    /// <summary>Something follows the value.</summary>
    TrailingBytes,

    /// <summary>The value may be good, but is beyond one of <see cref="AvroLimits"/>.</summary>
    OverLimit,
}
