namespace StreamSettle.Streams.Runtime;

/// <summary>
/// When a worker commits: at once when it is asked to, else when there is nothing more to read and what gathers has gathered long enough, else after its interval.
/// </summary>
sealed class CommitPace(WorkerOptions options, TimeProvider time)
{
    long last = time.GetTimestamp();
    bool isHurried;

    /// <summary>Somebody waits for the next commit, which may come by now though there is more to read.</summary>
    public bool IsOverdue => isHurried && MayHurry;

    /// <summary>Who waits need wait no longer for a commit, though there is more to read.</summary>
    public bool MayHurry => options.HurriedCommitInterval is { } interval && time.GetElapsedTime(last) >= interval;

    /// <summary>A processor asked for a commit after the record in process.</summary>
    public bool IsRequested { get; private set; }

    /// <summary>How long what is uncommitted gathers yet; zero or less when no longer.</summary>
    public TimeSpan LingerLeft => isHurried ? TimeSpan.Zero : options.CommitLinger - time.GetElapsedTime(last);

    public void Request() => IsRequested = true;

    /// <summary>Somebody waits for the next commit.</summary>
    public void Hurry() => isHurried = true;

    /// <summary>A commit begins.</summary>
    public void Begin()
    {
        Drop();
        last = time.GetTimestamp();
    }

    /// <summary>What was asked for is void.</summary>
    public void Drop() => IsRequested = isHurried = false;

    /// <param name="isIdle">There is nothing more to read.</param>
    public bool IsDue(bool isIdle) => (isIdle && LingerLeft <= TimeSpan.Zero) || IsOverdue || time.GetElapsedTime(last) >= options.CommitInterval;
}
