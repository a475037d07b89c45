using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Auditing.Histories;

namespace StreamSettle.Sandbox.Auditing.Checks;

/// <summary>What made a call ready to be sent. Two that were made ready by the confirmations of one leg were seen by one part of the program, in order.</summary>
internal enum ReadyBy
{
    /// <summary>The mark, or the order becoming known after it.</summary>
    Mark,
    VerificationConfirmed,
    SplitConfirmed,

    /// <summary>A person, or an earlier settlement that it waited for.</summary>
    Freed,
}

/// <summary>An effect, and since when its call could be sent as far as the log tells.</summary>
internal readonly record struct ReadyCall(AcceptedCall Call, UtcInstant ReadyAt, ReadyBy By)
{
    /// <summary>When the part of the program that sees other kinds of readiness saw this one, at the latest as far as the log tells.</summary>
    public UtcInstant SeenAt { get; init; } = ReadyAt;

    public bool IsExact => By is ReadyBy.VerificationConfirmed or ReadyBy.SplitConfirmed;
}
