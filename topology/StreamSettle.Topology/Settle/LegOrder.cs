using StreamSettle.Kernel.Calls;

namespace StreamSettle.Topology.Settle;

/// <summary>Which leg may be sent when, and which falls with another (contract/downstreams.md, "Which calls, in which order"). Pure.</summary>
public static class LegOrder
{
    /// <summary>A waiting leg of a settlement may go: verification first; split and tax when it is confirmed; commission when split is confirmed or has no lines.</summary>
    public static bool MayGo(in LegStates legs, Leg leg) => legs[leg] == LegState.Waiting && leg switch
    {
        Leg.Verification => true,
        Leg.Split or Leg.Tax => legs.Verification is LegState.Confirmed or LegState.None,
        Leg.Commission => legs.Verification is LegState.Confirmed or LegState.None && legs.Split is LegState.Confirmed or LegState.None,
        _ => false,
    };

    /// <summary>A waiting leg of a reversal may go: as in a settlement without verification, but a discarded split does not keep the commission from being taken back.</summary>
    public static bool MayGoBack(in LegStates legs, Leg leg) => legs[leg] == LegState.Waiting && leg switch
    {
        Leg.Split or Leg.Tax => true,
        Leg.Commission => LegStates.IsDone(legs.Split),
        _ => false,
    };

    /// <summary>A waiting leg of a settlement can never go, since one before it was given up: without a verified order no money moves.</summary>
    public static bool Falls(in LegStates legs, Leg leg) => legs[leg] is LegState.Waiting or LegState.Deferred && leg switch
    {
        Leg.Split or Leg.Tax => legs.Verification == LegState.Discarded,
        Leg.Commission => legs.Verification == LegState.Discarded || legs.Split == LegState.Discarded,
        _ => false,
    };
}
