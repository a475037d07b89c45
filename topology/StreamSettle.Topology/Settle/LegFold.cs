using StreamSettle.Audit.Events;

namespace StreamSettle.Topology.Settle;

/// <summary>How legs follow from facts: which there are, and which may be sent now (<see cref="LegOrder"/>). Pure.</summary>
static class LegFold
{
    /// <summary>The verification, and every leg that has a line.</summary>
    public static LegStates Begin(SettlementCalculated calculated)
    {
        var legs = new LegStates(LegState.Waiting, LegState.None, LegState.None, LegState.None);
        foreach (var line in calculated.Lines)
        {
            legs = line.Amount > 0 ? legs.With(Division.PartyOf(line.Party).Leg, LegState.Waiting) : legs;
        }

        return Open(legs);
    }

    /// <summary>Every leg that has something to take back.</summary>
    public static LegStates Begin(ReversalCalculated calculated)
    {
        var legs = default(LegStates);
        foreach (var line in calculated.Lines)
        {
            legs = line.Amount > 0 ? legs.With(Division.PartyOf(line.Party).Leg, LegState.Waiting) : legs;
        }

        return OpenBack(legs);
    }

    /// <summary>What may go is sent.</summary>
    public static LegStates Open(LegStates legs)
    {
        foreach (var leg in LegStates.All)
        {
            legs = LegOrder.MayGo(legs, leg) ? legs.With(leg, LegState.Sent) : legs;
        }

        return legs;
    }

    /// <summary>What of a reversal may go is sent.</summary>
    public static LegStates OpenBack(LegStates legs)
    {
        foreach (var leg in LegStates.All)
        {
            legs = LegOrder.MayGoBack(legs, leg) ? legs.With(leg, LegState.Sent) : legs;
        }

        return legs;
    }
}
