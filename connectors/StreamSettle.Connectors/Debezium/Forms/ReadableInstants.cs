using StreamSettle.Kernel.Time;

namespace StreamSettle.Connectors.Debezium.Forms;

/// <summary>The instants that are read from the source: the years 1 to 9999. PostgreSQL knows others, from 4713 BC to 294276, and the infinities; no order was completed then.</summary>
internal static class ReadableInstants
{
    public static UtcInstant First => UtcInstant.MinValue;

    public static UtcInstant Last => UtcInstant.MaxValue;

    /// <summary>The instant that is so many units after 1970; null where it is not readable.</summary>
    public static UtcInstant? OfUnits(long units, long perSecond)
    {
        var micros = units * (Int128)1_000_000 / perSecond;
        return micros >= First.Microseconds && micros <= Last.Microseconds ? new((long)micros) : null;
    }

    public static bool Has(UtcInstant instant) => instant >= First && instant <= Last;
}
