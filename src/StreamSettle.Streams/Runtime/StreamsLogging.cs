using Microsoft.Extensions.Logging;

namespace StreamSettle.Streams.Runtime;

/// <summary>The log lines of the runtime; event ids 1000 to 1099.</summary>
static partial class StreamsLogging
{
    [LoggerMessage(1000, LogLevel.Information, "Streams application {Application}: {Old} -> {Current}")]
    public static partial void StateChanged(ILogger logger, string application, StreamsState old, StreamsState current);

    [LoggerMessage(1001, LogLevel.Error, "Stream thread {Thread} failed at {Place}; nothing of its open transaction is committed")]
    public static partial void ThreadFailed(ILogger logger, Exception exception, string thread, string place);

    [LoggerMessage(1002, LogLevel.Warning, "Stream thread {Thread}: the commit was aborted; its tasks go on from the last committed state")]
    public static partial void CommitAborted(ILogger logger, Exception exception, string thread);
}
