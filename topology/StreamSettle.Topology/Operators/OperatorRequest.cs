using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Topology.Operators;

/// <summary>What a person asks for, or a system tells of its own accord: a record of <c>operator-commands</c>. A closed family, read as one sentence; whoever takes one says what of each case it makes.</summary>
public abstract record OperatorRequest
{
    OperatorRequest(string by, string requestId) => (By, RequestId) = (by, requestId);

    /// <summary>The name of the API key.</summary>
    public string By { get; }

    /// <summary>Unique.</summary>
    public string RequestId { get; }

    /// <summary>As causes in events name it.</summary>
    public string Cause => $"{By}@{RequestId}";

    /// <summary>Of a call, a calculation or a refund that waits under this key. It stands in every partition: the task that knows the order acts.</summary>
    public abstract record OfKey : OperatorRequest
    {
        private protected OfKey(CallKey key, string by, string requestId)
            : base(by, requestId) => Key = key;

        public CallKey Key { get; }
    }

    /// <summary>Try it again.</summary>
    /// <param name="NeverCalculated">The event log was asked, and proves that the order was never calculated: it may be settled although it may have been forgotten.</param>
    /// <param name="Note">Why, in the operator's words; null where none were given.</param>
    public sealed record Replay(CallKey Key, bool NeverCalculated, string By, string RequestId, string? Note = null) : OfKey(Key, By, RequestId);

    /// <summary>Give it up.</summary>
    /// <param name="Note">Why, in the operator's words; null where none were given.</param>
    public sealed record Discard(CallKey Key, string? Note, string By, string RequestId) : OfKey(Key, By, RequestId);

    /// <summary>Send a confirmed call again, under its own key and with its own bytes: its system has lost it.</summary>
    public sealed record SendAgain(CallKey Key, string By, string RequestId) : OfKey(Key, By, RequestId);

    /// <summary>Its system has undone the effect of the call, and told so by a callback: nobody asks, the name is the leg's, and the request is known by the key.</summary>
    /// <param name="Reason">As the system says it.</param>
    /// <param name="At">When, as the system says it.</param>
    public sealed record Returned(CallKey Key, string Reason, UtcInstant At) : OfKey(Key, Key.Leg.Name(), Key.ToString());

    /// <summary>Of a change of an order that could not be read. It stands in the partition of the clock task that set it aside.</summary>
    public abstract record OfRecord : OperatorRequest
    {
        private protected OfRecord(IntakeRecord record, string by, string requestId)
            : base(by, requestId) => Record = record;

        public IntakeRecord Record { get; }
    }

    /// <summary>Read it again.</summary>
    public sealed record Reread(IntakeRecord Record, string By, string RequestId) : OfRecord(Record, By, RequestId);

    /// <summary>It does not count.</summary>
    public sealed record PassOver(IntakeRecord Record, string By, string RequestId) : OfRecord(Record, By, RequestId);
}
