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
}
