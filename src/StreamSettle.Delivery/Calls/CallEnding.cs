namespace StreamSettle.Delivery.Calls;

/// <summary>What a call that is being asked for (GET) comes to where it is not found. The numbers are stored.</summary>
internal enum CallEnding : byte
{
    /// <summary>It is sent again where attempts are left, else dead-lettered.</summary>
    Resend = 0,

    /// <summary>It is dead-lettered: a system rejected it, and an attempt before may have happened.</summary>
    DeadLetter = 1,

    /// <summary>It is discarded: a person gave up a dead letter that may have happened.</summary>
    Discard = 2,

    /// <summary>It is sent at last: only a state that was lost may have sent it before.</summary>
    Send = 3,

    /// <summary>The same; and where it is found, what was lost knew more than the event log, so it waits for a person.</summary>
    SendOrHold = 4,
}
