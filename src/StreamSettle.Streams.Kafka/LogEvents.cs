using Microsoft.Extensions.Logging;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Kafka;

/// <summary>What the log on Kafka says. Event ids 2200 to 2299.</summary>
internal static partial class LogEvents
{
    [LoggerMessage(2200, LogLevel.Information, "Kafka cluster {Cluster} with the application {Application} is the log {Identity}; the copy of its stores is in {Directory}")]
    public static partial void Opened(this ILogger logger, string cluster, string application, Guid identity, string directory);

    [LoggerMessage(2201, LogLevel.Information, "Made {Count} topics: {Topics}")]
    public static partial void TopicsMade(this ILogger logger, int count, string topics);

    [LoggerMessage(2202, LogLevel.Information, "Task {Task} has its store {Store} again: {Records} records of the changelog in {ElapsedMs} ms")]
    public static partial void Restored(this ILogger logger, TaskId task, string store, long records, long elapsedMs);

    [LoggerMessage(2203, LogLevel.Error, "Commits to Kafka do not happen for {ElapsedS} s: {Reason}. Nothing is lost and nothing is fired; they are tried again with growing pauses and go on by themselves")]
    public static partial void CommitsFail(this ILogger logger, long elapsedS, string reason);

    [LoggerMessage(2204, LogLevel.Information, "Commits to Kafka happen again, after {ElapsedS} s")]
    public static partial void CommitsHappenAgain(this ILogger logger, long elapsedS);

    [LoggerMessage(2205, LogLevel.Debug, "Kafka client {Client}: {Text}")]
    public static partial void ClientSays(this ILogger logger, string client, string text);
}
