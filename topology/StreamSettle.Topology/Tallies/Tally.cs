namespace StreamSettle.Topology.Tallies;

/// <summary>What is counted along the road. Kept in stores: numbers are fixed, new ones go to the end.</summary>
public enum Tally
{
    /// <summary>Orders that the clock remembers.</summary>
    Known = 0,

    /// <summary>Orders that wait for their mark in the clock.</summary>
    Scheduled = 1,

    /// <summary>Orders that settle has and has not calculated yet.</summary>
    Waiting = 2,

    /// <summary>Refused orders and refunds that wait for a person or a changed row.</summary>
    Refused = 3,

    /// <summary>Orders cancelled so far.</summary>
    Cancelled = 4,

    /// <summary>Orders calculated so far.</summary>
    Calculated = 5,

    /// <summary>Settlements completed so far.</summary>
    Completed = 6,

    /// <summary>Reversals asked for so far.</summary>
    ReversalsRequested = 7,

    /// <summary>Reversals completed so far.</summary>
    ReversalsCompleted = 8,
}
