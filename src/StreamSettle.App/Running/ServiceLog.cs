namespace StreamSettle.App.Running;

/// <summary>What the service says in its log. Ids 9000 to 9099.</summary>
static partial class ServiceLog
{
    [LoggerMessage(9000, LogLevel.Information, "started; dashboard and API at {Urls}; state in {StateDirectory}")]
    public static partial void Started(this ILogger logger, string urls, string stateDirectory);

    [LoggerMessage(9001, LogLevel.Information, "ready: marks are fired from now on")]
    public static partial void Ready(this ILogger logger);

    [LoggerMessage(9002, LogLevel.Warning, "not firing: {Reason}")]
    public static partial void NotReady(this ILogger logger, string reason);

    [LoggerMessage(9003, LogLevel.Information, "stopping")]
    public static partial void Stopping(this ILogger logger);

    [LoggerMessage(9004, LogLevel.Information, "stopped")]
    public static partial void Stopped(this ILogger logger);

    [LoggerMessage(9005, LogLevel.Critical, "stopped by a failure")]
    public static partial void Failed(this ILogger logger, Exception failure);

    [LoggerMessage(9006, LogLevel.Error, "a request failed by a mistake of ours: {Method} {Endpoint}")]
    public static partial void RequestFailed(this ILogger logger, Exception failure, string method, string endpoint);
}
