using StreamSettle.Kernel.Time;

namespace StreamSettle.Connectors.Debezium.Forms;

/// <summary>The instants that are read from the source: the years 1 to 9999. PostgreSQL knows others, from 4713 BC to 294276, and the infinities; no order was completed then.</summary>
internal static class ReadableInstants
{
    public static UtcInstant First => UtcInstant.MinValue;

    public static UtcInstant Last => UtcInstant.MaxValue;

    public static bool Has(UtcInstant instant) => instant >= First && instant <= Last;
}
