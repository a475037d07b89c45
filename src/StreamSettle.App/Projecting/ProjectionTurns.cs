using StreamSettle.App.Running;
using StreamSettle.Audit.Marten.Projections;

namespace StreamSettle.App.Projecting;

/// <summary>Says each turn of one projection once. Not thread-safe.</summary>
sealed class ProjectionTurns(string projection, ILogger logger, TimeProvider time)
{
    readonly HashSet<string> leftOut = new(StringComparer.Ordinal);
    bool runsHere;
    long? standsSince;

    public void Report(ProjectorStatus now)
    {
        if (now.State == ProjectorStatus.Failing)
        {
            if (standsSince is null)
            {
                standsSince = time.GetTimestamp();
                logger.StandsStill(projection, FailureText.OneLine(now.Reason ?? ""));
            }
        }
        else if (standsSince is { } since && now.FailingSince is null)
        {
            standsSince = null;
            logger.GoesOn(projection, (long)time.GetElapsedTime(since).TotalSeconds);
        }

        if (now.State == ProjectorStatus.Running && !runsHere)
        {
            logger.Runs(projection);
        }

        runsHere = now.State is ProjectorStatus.Running or ProjectorStatus.Failing && (runsHere || now.State == ProjectorStatus.Running);
        foreach (var type in now.Skipped.Where(leftOut.Add))
        {
            logger.LeavesOut(projection, type);
        }
    }
}
