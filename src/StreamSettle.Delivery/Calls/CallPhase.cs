namespace StreamSettle.Delivery.Calls;

/// <summary>Where a call stands. Which phase may follow which is <see cref="CallDecider.Next"/>. The numbers are stored.</summary>
internal enum CallPhase : byte
{
    /// <summary>In its lane's queue, to be posted when its turn comes.</summary>
    Waiting = 1,

    /// <summary>In its lane's queue, to be asked for (GET) when its turn comes: it may have happened.</summary>
    WaitingToAsk = 2,

    /// <summary>A POST is under way, or was when the process ended.</summary>
    Sent = 3,

    /// <summary>A GET is under way, or was when the process ended.</summary>
    Asking = 4,

    /// <summary>Waits for its time to be posted again.</summary>
    RetryAt = 5,

    /// <summary>Waits for its time to be asked for again.</summary>
    AskAt = 6,

    /// <summary>Accepted: nothing changes it any more (I3).</summary>
    Confirmed = 7,

    /// <summary>Given up until a person acts.</summary>
    DeadLettered = 8,

    /// <summary>Given up by a person.</summary>
    Discarded = 9,

    /// <summary>Confirmed, and its invoice, which was left out, is to be sent (PATCH).</summary>
    InvoiceDue = 10,

    /// <summary>A PATCH is under way, or was when the process ended.</summary>
    InvoiceSent = 11,

    /// <summary>Waits for its time for another PATCH.</summary>
    InvoiceAt = 12,
}
