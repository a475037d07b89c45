namespace StreamSettle.Kernel.Calls;

/// <summary>
/// How delivery tells that a call went without its invoice: by the note of a result that says what became of an attempt. A release that does not know it passes over such a
/// note, so that both may run beside each other.
/// </summary>
public static class LeftOutInvoice
{
    /// <summary>The note.</summary>
    public const string Note = "without its invoice";

    /// <summary>Whether the result says so.</summary>
    public static bool IsToldBy(in DeliveryResult result) =>
        result is { Outcome: DeliveryOutcome.Confirmed or DeliveryOutcome.Failed or DeliveryOutcome.DeadLettered, Note: Note };
}
