using StreamSettle.Kernel.Time;

namespace StreamSettle.Topology.Orders;

/// <summary>Causes of facts that the passing of time brings about: they name the change that the mark rests on, and the mark, so that each is one of its kind.</summary>
static class Causes
{
    /// <summary>The change is a row as it was read in the table (<see cref="Schemas.Changes.ChangePosition.IsRead"/>), not a change of it.</summary>
    public static bool IsReading(string change) => change is [>= '0' and <= '9', .., 's' or 'r'];

    /// <summary>A mark has passed.</summary>
    public static string Due(string change, UtcInstant due) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{change}:{due.Microseconds}");

    /// <summary>A mark was taken anew when it passed.</summary>
    public static string Retaken(string change, UtcInstant before, UtcInstant after) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{change}:{before.Microseconds}-{after.Microseconds}");
}
