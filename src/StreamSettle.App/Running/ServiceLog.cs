namespace StreamSettle.App.Running;

/// <summary>What the service says in its log. Ids 1000 to 1099.</summary>
static partial class ServiceLog
{
    [LoggerMessage(1000, LogLevel.Information, "started; dashboard and API at {Urls}; state in {StateDirectory}")]
    public static partial void Started(this ILogger logger, string urls, string stateDirectory);

    [LoggerMessage(1001, LogLevel.Information, "ready: marks are fired from now on")]
    public static partial void Ready(this ILogger logger);

    [LoggerMessage(1002, LogLevel.Warning, "not firing: {Reason}")]
    public static partial void NotReady(this ILogger logger, string reason);

    [LoggerMessage(1003, LogLevel.Information, "stopping")]
    public static partial void Stopping(this ILogger logger);

    [LoggerMessage(1004, LogLevel.Information, "stopped")]
    public static partial void Stopped(this ILogger logger);

    [LoggerMessage(1005, LogLevel.Critical, "stopped by a failure")]
    public static partial void Failed(this ILogger logger, Exception failure);
}
