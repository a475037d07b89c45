using StreamSettle.Kernel.Calls;

namespace StreamSettle.Topology.Settle;

/// <summary>Where a leg of a settlement or reversal stands. Kept in stores: numbers are fixed.</summary>
public enum LegState : byte
{
    /// <summary>No lines: it is not called.</summary>
    None = 0,

    /// <summary>Not yet to be sent: a leg before it is not confirmed.</summary>
    Waiting = 1,

    /// <summary>Given to delivery.</summary>
    Sent = 2,
    Confirmed = 3,
    DeadLettered = 4,

    /// <summary>Given up by a person: its lines hold nothing.</summary>
    Discarded = 5,

    /// <summary>It could go, and its payout terms keep it back. Only a settlement's split.</summary>
    Deferred = 6,

    /// <summary>It was confirmed, and its system has undone it: it waits for a person (<see cref="ReturnedLeg"/>).</summary>
    Returned = 7,
}

/// <summary>The legs of one settlement or reversal. The machine is <see cref="LegOrder"/>.</summary>
public readonly record struct LegStates(LegState Verification, LegState Split, LegState Commission, LegState Tax)
{
    /// <summary>The legs in the order of keys and events.</summary>
    public static ReadOnlySpan<Leg> All => [Leg.Verification, Leg.Split, Leg.Tax, Leg.Commission];

    public LegState this[Leg leg] => leg switch
    {
        Leg.Verification => Verification,
        Leg.Split => Split,
        Leg.Commission => Commission,
        Leg.Tax => Tax,
        _ => LegState.None,
    };

    /// <summary>Every leg that is called is confirmed or discarded.</summary>
    public bool AllDone => IsDone(Verification) && IsDone(Split) && IsDone(Commission) && IsDone(Tax);

    public LegStates With(Leg leg, LegState state) => leg switch
    {
        Leg.Verification => this with { Verification = state },
        Leg.Split => this with { Split = state },
        Leg.Commission => this with { Commission = state },
        Leg.Tax => this with { Tax = state },
        _ => this,
    };

    /// <summary>Nothing is to come of the leg any more.</summary>
    public static bool IsDone(LegState state) => state is LegState.None or LegState.Confirmed or LegState.Discarded;
}
