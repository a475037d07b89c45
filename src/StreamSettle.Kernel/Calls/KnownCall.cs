using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Kernel.Calls;

/// <summary>How a call stands by what the event log says.</summary>
public enum KnownCallState : byte
{
    /// <summary>It may go: whether it was sent, and what became of it, is not known.</summary>
    Open = 1,
    Confirmed = 2,
    DeadLettered = 3,
    Discarded = 4,
}

/// <summary>A call of which the event log knows: what a rebuild of the state gives to delivery.</summary>
/// <param name="State">As far as the log knows it.</param>
/// <param name="DueAt">See <see cref="DeliveryCommand.DueAt"/>.</param>
public sealed record KnownCall(CallKey Key, KnownCallState State, MerchantId Merchant, Lane Lane, UtcInstant DueAt)
{
    /// <summary>POSTs that are on record.</summary>
    public int Attempts { get; init; }

    /// <summary>Those of them before the last replay.</summary>
    public int AttemptsBefore { get; init; }

    /// <summary>Why the last of them failed; empty for none.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Of an open one since when it may go, of a dead letter since when it is one: the wall clock as the log has it.</summary>
    public UtcInstant Since { get; init; }

    /// <summary>Its merchant is a key account.</summary>
    public bool KeyAccount { get; init; }

    /// <summary>The call's bytes, with its invoice where the row has one; empty where it is over and owes no invoice.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Where in them the invoice begins, as in <see cref="DeliveryCommand.InvoiceAt"/>; 0 for none.</summary>
    public int InvoiceAt { get; init; }

    /// <summary>It went without its invoice.</summary>
    public bool InvoiceLeftOut { get; init; }

    /// <summary>Which was sent since.</summary>
    public bool InvoiceDelivered { get; init; }

    /// <summary>They may be other bytes than those that were sent, if any were.</summary>
    public bool BodyMayDiffer { get; init; }
}
