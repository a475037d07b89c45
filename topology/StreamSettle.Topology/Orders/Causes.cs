using StreamSettle.Kernel.Time;

namespace StreamSettle.Topology.Orders;

/// <summary>Causes of facts that the passing of time brings about: they name the change that the mark rests on, and the mark, so that each is one of its kind.</summary>
static class Causes
{
    /// <summary>A mark has passed.</summary>
    public static string Due(string change, UtcInstant due) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{change}:{due.Microseconds}");

    /// <summary>A mark was taken anew when it passed.</summary>
    public static string Retaken(string change, UtcInstant before, UtcInstant after) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{change}:{before.Microseconds}-{after.Microseconds}");
}
