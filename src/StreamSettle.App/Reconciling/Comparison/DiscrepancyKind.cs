namespace StreamSettle.App.Reconciling.Comparison;

/// <summary>In what way the shop, the event log and a downstream do not agree about an order. The words are those of the reports.</summary>
enum DiscrepancyKind
{
    /// <summary>One has it and the next one down the road has not: a completed order that the event log does not know, a confirmed call that its system does not know.</summary>
    Missing,

    /// <summary>One has it and the one before it on the road has not: a row that is gone, a call that a system has and the event log did not confirm.</summary>
    Extra,

    /// <summary>Money: an amount, its currency, a refund.</summary>
    AmountDiffers,

    /// <summary>Anything else that both have.</summary>
    StateDiffers,

    /// <summary>Its time has passed, nothing holds it, and it is not done.</summary>
    Late,

    /// <summary>Could not be compared: never taken for fine.</summary>
    Unknown,
}

/// <summary>The kinds' words in JSON and CSV.</summary>
static class DiscrepancyKinds
{
    static readonly string[] Words = ["missing", "extra", "amount_differs", "state_differs", "late", "unknown"];

    public static IReadOnlyList<DiscrepancyKind> All { get; } = Enum.GetValues<DiscrepancyKind>();

    public static string Word(this DiscrepancyKind kind) => Words[(int)kind];
}
