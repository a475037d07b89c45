using StreamSettle.App.Rebuilding;

namespace StreamSettle.App.Checks;

/// <summary>What the log knows (a state directory, or an application on a cluster), as far as the checks rest on it.</summary>
abstract record StateView
{
    StateView()
    {
    }

    /// <summary>There is no state yet: it will be a first start.</summary>
    /// <param name="Identity">Which identity the log will have; null where it is yet to be drawn. On a cluster it is known before, and others may start by it, or have come no further than its registration.</param>
    public sealed record None(Guid? Identity) : StateView;

    /// <summary>Kept by earlier starts.</summary>
    /// <param name="ReadMetadata">A value that was committed by name; null for none.</param>
    /// <param name="AuditedBeyond">How far the facts of a partition were written to the event log, where that is further than given; null where it is not.</param>
    public sealed record Known(Guid Identity, Func<string, byte[]?> ReadMetadata, Func<int, long, long?> AuditedBeyond) : StateView
    {
        /// <summary>It was made anew from the event log.</summary>
        public bool IsRebuilt => KeptPhase.Read(ReadMetadata) == RebuildPhase.Done;
    }

    /// <summary>It was lost, and is to be made anew from the event log.</summary>
    public sealed record Lost : StateView;

    /// <summary>It cannot be read; why is told by the check of the directory itself.</summary>
    public sealed record Unreadable : StateView;
}
