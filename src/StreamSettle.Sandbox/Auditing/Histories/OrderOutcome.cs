namespace StreamSettle.Sandbox.Auditing.Histories;

/// <summary>Where an order stands by its events.</summary>
public enum OrderOutcome
{
    /// <summary>Under way.</summary>
    Open,
    Completed,
    Cancelled,
    Held,

    /// <summary>Its split waits for its payout, as its terms say.</summary>
    WaitsForPayout,

    /// <summary>A call of the settlement, or its calculation, waits for a person.</summary>
    DeadLettered,
}
