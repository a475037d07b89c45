using StreamSettle.Streams.Errors;
using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Runtime;

/// <summary>How an application runs its topology. Configuration section <c>Streams</c>.</summary>
public sealed record StreamsOptions
{
    /// <summary>More threads than any machine of ours has cores: a mistake in the configuration.</summary>
    public const int ThreadsMax = 256;

    /// <summary>Threads of the sub-topologies that are in no group of <see cref="Groups"/>. Default 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Sub-topologies with threads of their own. Default none.</summary>
    public IReadOnlyList<ThreadGroup> Groups { get; init; } = [];

    /// <summary>Longest time between two commits while there is something to commit; when idle a commit comes at once, or as <see cref="ThreadGroup.CommitLinger"/> has it. Default 50 ms.</summary>
    public TimeSpan CommitInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary><see cref="ThreadGroup.CommitLinger"/> of the threads that are in no group. Default 0: a commit comes at once.</summary>
    public TimeSpan CommitLinger { get; init; }

    /// <summary>
    /// While there is more to read, messages are taken and what somebody waits for is committed so long after the commit before. Default null: what was read is processed first, and <see cref="CommitInterval"/> counts.
    /// </summary>
    public TimeSpan? HurriedCommitInterval { get; init; }

    /// <summary>Bytes of outputs and store writes of one thread after which it commits early. Default 64 MiB.</summary>
    public long CommitBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>Records of one poll. Default 10,000.</summary>
    public int PollRecordsMax { get; init; } = FetchLimits.RecordsMaxDefault;

    /// <summary>Bytes of one poll. Default 4 MiB.</summary>
    public int PollBytesMax { get; init; } = FetchLimits.BytesMaxDefault;

    /// <summary>Decides about records that cannot be read, on the task's thread. Default: the application stops.</summary>
    public DeserializationExceptionHandler OnDeserializationException { get; init; } = static (_, scoped in _, _) => new DeserializationHandlerResponse.Fail();

    /// <summary>One message for each rule that is broken: key, rule, value; empty when all hold.</summary>
    public IEnumerable<string> Problems(string section)
    {
        if (Threads is < 1 or > ThreadsMax)
        {
            yield return $"{section}:Threads must be 1 to {ThreadsMax}, but is {Threads}.";
        }

        foreach (var group in Groups.Where(group => group.Threads is < 1 or > ThreadsMax))
        {
            yield return $"{section}:Groups:{group.Name}:Threads must be 1 to {ThreadsMax}, but is {group.Threads}.";
        }

        if (CommitLinger < TimeSpan.Zero)
        {
            yield return $"{section}:CommitLinger must not be negative, but is {CommitLinger}.";
        }

        foreach (var group in Groups.Where(group => group.CommitLinger < TimeSpan.Zero))
        {
            yield return $"{section}:Groups:{group.Name}:CommitLinger must not be negative, but is {group.CommitLinger}.";
        }

        foreach (var group in Groups.Where(group => group.IdleWait <= TimeSpan.Zero))
        {
            yield return $"{section}:Groups:{group.Name}:IdleWait must be positive, but is {group.IdleWait}.";
        }

        foreach (var name in Groups.GroupBy(group => group.Name).Where(same => same.Count() > 1 || same.Key is "" or "global").Select(same => same.Key))
        {
            yield return $"{section}:Groups must have distinct names, not empty and not 'global', but there is '{name}'.";
        }

        if (CommitInterval < TimeSpan.Zero)
        {
            yield return $"{section}:CommitInterval must not be negative, but is {CommitInterval}.";
        }

        if (HurriedCommitInterval < TimeSpan.Zero)
        {
            yield return $"{section}:HurriedCommitInterval must not be negative, but is {HurriedCommitInterval}.";
        }

        if (CommitBytesMax < 1 || PollRecordsMax < 1 || PollBytesMax < 1)
        {
            yield return $"{section}:CommitBytesMax, PollRecordsMax and PollBytesMax must be positive, but are {CommitBytesMax}, {PollRecordsMax} and {PollBytesMax}.";
        }
    }
}
