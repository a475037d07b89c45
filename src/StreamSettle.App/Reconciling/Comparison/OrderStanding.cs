namespace StreamSettle.App.Reconciling.Comparison;

/// <summary>Where a compared order stands: what is known of it is no discrepancy, but whoever reads a report wants to know how many there are.</summary>
enum OrderStanding
{
    /// <summary>Completed before <c>Source:CompletedSince</c>.</summary>
    NotOurs,

    /// <summary>Waits for its calculation.</summary>
    Pending,

    /// <summary>Something holds it.</summary>
    Held,

    /// <summary>Its calculation, or that of a refund, is a dead letter, or was discarded.</summary>
    Refused,

    /// <summary>Its money is divided.</summary>
    Settled,

    /// <summary>Cancelled, not completed any more, or not known.</summary>
    Other,
}
