namespace StreamSettle.App.Projecting;

/// <summary>What the service says of its projections. Ids 9090 to 9099.</summary>
static partial class ProjectionLog
{
    [LoggerMessage(9090, LogLevel.Information, "projection {Projection} runs here")]
    public static partial void Runs(this ILogger logger, string projection);

    [LoggerMessage(9091, LogLevel.Warning, "projection {Projection} stands still: {Reason}")]
    public static partial void StandsStill(this ILogger logger, string projection, string reason);

    [LoggerMessage(9092, LogLevel.Information, "projection {Projection} goes on after {Seconds} s")]
    public static partial void GoesOn(this ILogger logger, string projection, long seconds);

    [LoggerMessage(9093, LogLevel.Warning, "projection {Projection} leaves out events of type '{Type}', which this release does not know")]
    public static partial void LeavesOut(this ILogger logger, string projection, string type);
}
