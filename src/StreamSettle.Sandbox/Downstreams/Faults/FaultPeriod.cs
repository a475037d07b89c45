namespace StreamSettle.Sandbox.Downstreams.Faults;

/// <summary>A stretch of time in which every request to a system meets the same fault.</summary>
/// <param name="Kind"><see cref="FaultKind.ResetBefore"/> is an outage; <see cref="FaultKind.Unauthorized"/>, <see cref="FaultKind.Unavailable"/>, <see cref="FaultKind.TooManyRequests"/> and <see cref="FaultKind.ErrorNotDone"/> work too.</param>
/// <param name="StartAfter">Counted from when the plan was put in force.</param>
/// <param name="Every">Comes back at this interval; null: once.</param>
public sealed record FaultPeriod(FaultKind Kind, TimeSpan StartAfter, TimeSpan Lasts, TimeSpan? Every = null)
{
    /// <summary>The kinds that need no call to be read: these alone make sense for all requests.</summary>
    public static IReadOnlyList<FaultKind> Kinds { get; } =
        [FaultKind.ResetBefore, FaultKind.Unauthorized, FaultKind.Unavailable, FaultKind.TooManyRequests, FaultKind.ErrorNotDone];

    /// <param name="elapsed">Since the plan was put in force.</param>
    public bool Covers(TimeSpan elapsed)
    {
        var since = elapsed - StartAfter;
        return since >= TimeSpan.Zero && (Every is { } every ? TimeSpan.FromTicks(since.Ticks % every.Ticks) : since) < Lasts;
    }
}
