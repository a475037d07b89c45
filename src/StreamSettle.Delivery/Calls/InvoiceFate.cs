namespace StreamSettle.Delivery.Calls;

/// <summary>Whether a call's invoice is in its bytes: decided once, before its first attempt (I4). The numbers are stored.</summary>
internal enum InvoiceFate : byte
{
    /// <summary>All that was given for the call is in it.</summary>
    InBody = 0,

    /// <summary>It has an invoice, and no attempt was made yet.</summary>
    Undecided = 1,

    /// <summary>Left out for good: a reversal's.</summary>
    LeftOut = 2,

    /// <summary>Left out, and to be sent when the call is confirmed.</summary>
    Owed = 3,
}
