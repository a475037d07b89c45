using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Calls;

/// <summary>One call as its task's store keeps it, its frozen bytes apart.</summary>
internal readonly record struct CallState
{
    /// <summary>Longest reason kept, in characters.</summary>
    internal const int MaxReasonLength = 512;

    public required CallPhase Phase { get; init; }

    public MerchantId Merchant { get; init; }

    public Lane Lane { get; init; }

    public UtcInstant DueAt { get; init; }

    /// <summary>Its place in the lane: lower goes first.</summary>
    public long QueueNo { get; init; }

    /// <summary>POSTs that counted as attempts, whose outcome is known.</summary>
    public int Attempts { get; init; }

    /// <summary>Attempts made before the last replay: the bound counts from there.</summary>
    public int AttemptsBefore { get; init; }

    /// <summary>GETs that failed since the outcome became unknown; of a confirmed call PATCHes that did.</summary>
    public int Asks { get; init; }

    /// <summary>Waits so far: the exponent of the next.</summary>
    public int BackOffs { get; init; }

    /// <summary>When it goes on; of <see cref="CallPhase.RetryAt"/>, <see cref="CallPhase.AskAt"/> and <see cref="CallPhase.InvoiceAt"/>.</summary>
    public MonotonicInstant NextAt { get; init; }

    /// <summary>An outcome was unknown, or a 408 or 5xx: it is asked for before it is given up, replayed or discarded.</summary>
    public bool MayHaveHappened { get; init; }

    /// <summary>What it comes to where a GET does not find it.</summary>
    public CallEnding Ending { get; init; }

    /// <summary>Who discards it; of <see cref="CallEnding.Discard"/>.</summary>
    public string? DiscardedBy { get; init; }

    /// <summary>The request of who discards it.</summary>
    public string? RequestId { get; init; }

    /// <summary>Why it is discarded, in the words of who does.</summary>
    public string? Note { get; init; }

    /// <summary>Its merchant is a key account.</summary>
    public bool KeyAccount { get; init; }

    /// <summary>Whether its invoice is in its bytes.</summary>
    public InvoiceFate Invoice { get; init; }

    /// <summary>Where in the bytes given the invoice begins; 0 where all of them go.</summary>
    public int InvoiceAt { get; init; }

    /// <summary>A batch with it was refused: it goes alone.</summary>
    public bool Singly { get; init; }

    /// <summary>Why the last attempt failed; empty before.</summary>
    public string Reason { get; init; } = "";

    public CallState()
    {
    }

    /// <summary>Nothing moves it any more, or only a person.</summary>
    internal bool IsOver => Phase is CallPhase.Confirmed or CallPhase.DeadLettered or CallPhase.Discarded;

    /// <summary>A request was under way when this was committed.</summary>
    internal bool IsUnderWay => Phase is CallPhase.Sent or CallPhase.Asking or CallPhase.InvoiceSent;

    /// <summary>It is confirmed, and its invoice is not there yet.</summary>
    internal bool IsOwingInvoice => Phase is CallPhase.InvoiceDue or CallPhase.InvoiceSent or CallPhase.InvoiceAt;

    /// <summary>The invoice is not in what is sent.</summary>
    internal bool LeavesOutInvoice => Invoice is InvoiceFate.LeftOut or InvoiceFate.Owed;

    /// <summary>A dead letter that is being discarded: still on the list, apart from its lane, since a GET moves nothing.</summary>
    internal bool IsBeingDiscarded => Ending == CallEnding.Discard;

    internal bool IsTimed => Phase is CallPhase.RetryAt or CallPhase.AskAt or CallPhase.InvoiceAt;
}
