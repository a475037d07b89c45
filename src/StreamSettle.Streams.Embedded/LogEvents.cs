using Microsoft.Extensions.Logging;

namespace StreamSettle.Streams.Embedded;

/// <summary>What the embedded log says. Event ids 2100 to 2199.</summary>
internal static partial class LogEvents
{
    [LoggerMessage(2100, LogLevel.Information, "Embedded log {Identity} opened in {Directory} (new: {IsNew}): {Partitions} partitions of topics, in {ElapsedMs} ms")]
    public static partial void Opened(this ILogger logger, Guid identity, string directory, bool isNew, int partitions, long elapsedMs);

    [LoggerMessage(2101, LogLevel.Information, "Embedded log in {Directory} closed")]
    public static partial void Closed(this ILogger logger, string directory);

    [LoggerMessage(2103, LogLevel.Error, "Commits to the state directory {Directory} do not happen: {Reason}. Nothing is lost and nothing is fired; they are tried again with growing pauses and go on by themselves")]
    public static partial void CommitsFail(this ILogger logger, string directory, string reason);

    [LoggerMessage(2104, LogLevel.Information, "Commits to the state directory {Directory} happen again, after {ElapsedS} s")]
    public static partial void CommitsHappenAgain(this ILogger logger, string directory, long elapsedS);

    [LoggerMessage(2102, LogLevel.Warning, "Embedded log in {Directory} was closed without flushing; the next start replays its write-ahead log: {Reason}")]
    public static partial void ClosedUnflushed(this ILogger logger, string directory, string reason);

    [LoggerMessage(2105, LogLevel.Warning, "The state directory {Directory} was open to others (mode {Mode}); it is closed to them now")]
    public static partial void Tightened(this ILogger logger, string directory, string mode);

    [LoggerMessage(2106, LogLevel.Warning, "The state directory {Directory} is open to others (mode {Mode}) and belongs to somebody else, so it stays as it is: chown -R it to the service's user and chmod -R go-rwx it")]
    public static partial void OpenToOthers(this ILogger logger, string directory, string mode);
}
