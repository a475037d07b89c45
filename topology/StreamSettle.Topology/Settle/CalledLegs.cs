using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Calls;

namespace StreamSettle.Topology.Settle;

/// <summary>Which calls a settlement makes. Pure.</summary>
public static class CalledLegs
{
    /// <summary>The verification, and every leg that has a line.</summary>
    public static IReadOnlyList<Leg> Of(SettlementCalculated calculated)
    {
        var legs = LegFold.Begin(calculated);
        return [.. Enum.GetValues<Leg>().Where(leg => legs[leg] != LegState.None)];
    }
}
