using StreamSettle.Kernel.Holds;

namespace StreamSettle.App.Holds;

/// <summary>What became of a request for a hold, or for its end.</summary>
abstract record HoldOutcome
{
    HoldOutcome()
    {
    }

    /// <summary>It is in the log, and so it stays, and this instance goes by it.</summary>
    /// <param name="IsNew">False where the same request was made before.</param>
    public sealed record Done(Hold Hold, bool IsNew) : HoldOutcome;

    /// <summary>It cannot be done as things are; why, and what to do.</summary>
    public sealed record Refused(string Why) : HoldOutcome;
}
