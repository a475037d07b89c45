namespace StreamSettle.Topology.Pending;

/// <summary>Where an order stands before its calculation. Kept in stores: numbers are fixed.</summary>
public enum PendingStage : byte
{
    /// <summary>Never heard of, or forgotten after the retention.</summary>
    Unknown = 0,

    /// <summary>Known and not completed: not yet, or taken back.</summary>
    Idle = 1,

    /// <summary>Completed, waiting for its mark.</summary>
    Scheduled = 2,

    /// <summary>Cannot be settled as it is: a dead letter of the leg <c>calculation</c>.</summary>
    Refused = 3,

    /// <summary>Refused, and discarded by a person: nothing moves it any more.</summary>
    GivenUp = 4,

    /// <summary>The mark has passed: settle has it, by the merchant that it had then.</summary>
    HandedOver = 5,

    /// <summary>Completed before <c>Source:CompletedSince</c>: not ours, and stays so whatever becomes of its row.</summary>
    NotOurs = 6,
}
