using Microsoft.Extensions.Logging;
using StreamSettle.Streams.Log;
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

    [LoggerMessage(2206, LogLevel.Information, "Task {Task} gets its store {Store} back: at most {Records} records of the changelog")]
    public static partial void Restoring(this ILogger logger, TaskId task, string store, long records);

    [LoggerMessage(2207, LogLevel.Information, "The transaction of {TransactionalId} is ended: its partitions came here, and it did not give them up")]
    public static partial void TransactionEnded(this ILogger logger, string transactionalId);

    [LoggerMessage(2208, LogLevel.Error, "Another process runs as instance '{Instance}' too: each puts the other out. Give every instance a Kafka:InstanceId of its own")]
    public static partial void InstanceHasTwin(this ILogger logger, string instance);

    [LoggerMessage(2209, LogLevel.Warning, "What instance '{Instance}' says of itself cannot be read, offset {Offset} of the members topic: of another version? It is taken for one that says nothing")]
    public static partial void MemberIsUnreadable(this ILogger logger, string instance, long offset);

    [LoggerMessage(2210, LogLevel.Information, "Follows {Changelog}-{Partition} as a standby from offset {Offset} on")]
    public static partial void StandbyBegins(this ILogger logger, string changelog, int partition, long offset);

    [LoggerMessage(2211, LogLevel.Information, "Cleared the copy of {Changelog}-{Partition}, which nobody here has needed for a while")]
    public static partial void CopyCleared(this ILogger logger, string changelog, int partition);

    [LoggerMessage(2212, LogLevel.Warning, "Following other instances and standby copies fails and is tried again: {Reason}")]
    public static partial void InstanceThreadFails(this ILogger logger, string reason);

    [LoggerMessage(2213, LogLevel.Warning, "The copy of the stores in {Directory} is damaged and is made anew from the changelogs: {Reason}")]
    public static partial void CopyIsDamaged(this ILogger logger, string directory, string reason);

    [LoggerMessage(2214, LogLevel.Warning, "Consumed records are not deleted, so topics between sub-topologies grow: {Reason}. It is tried again")]
    public static partial void PurgeFails(this ILogger logger, string reason);

    [LoggerMessage(2215, LogLevel.Error, "Records are held back: {Reason}")]
    public static partial void ReadsUndecided(this ILogger logger, string reason);

    [LoggerMessage(2216, LogLevel.Information, "No longer: {Reason}")]
    public static partial void ReadsOn(this ILogger logger, string reason);

    [LoggerMessage(2217, LogLevel.Warning, "The group member {Member} has not left within {WaitedS} s and is left behind: until it has, the process ends, or max.poll.interval.ms has passed, the group may give its partitions to nobody")]
    public static partial void DoesNotLeave(this ILogger logger, string member, long waitedS);

    [LoggerMessage(2218, LogLevel.Warning, "The brokers have forgotten where the group {Group} stood in {Partition}. It stood at {Offset} when it was last there, and goes on from there")]
    public static partial void PositionRecalled(this ILogger logger, string group, TopicPartition partition, long offset);

    [LoggerMessage(2205, LogLevel.Debug, "Kafka client {Client}: {Text}")]
    public static partial void ClientSays(this ILogger logger, string client, string text);
}
