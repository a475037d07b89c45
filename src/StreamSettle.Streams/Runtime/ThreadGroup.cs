namespace StreamSettle.Streams.Runtime;

/// <summary>
/// Stream threads of their own for some sub-topologies, as a consumer group <c>&lt;application id&gt;-&lt;name&gt;</c>: what waits there (for a
/// database, say) holds up nothing else. The name is part of the committed positions, so it is not changed lightly.
/// </summary>
/// <param name="Name">Letters, digits, '.', '_' or '-'.</param>
/// <param name="Threads">At least 1.</param>
/// <param name="Nodes">Names of sources, processors or sinks; their sub-topologies belong to the group.</param>
public sealed record ThreadGroup(string Name, int Threads, params IReadOnlyList<string> Nodes)
{
    /// <summary>While nothing more is there to read, two commits are at least so far apart, so that what comes singly is committed together. Default 0: a commit comes at once.</summary>
    public TimeSpan CommitLinger { get; init; }

    /// <summary>
    /// Longest wait while there is nothing to do: what nobody is woken for is noticed by then. Longer where the log wakes for all there is to know, as the embedded one does. Default 100 ms.
    /// </summary>
    public TimeSpan IdleWait { get; init; } = TimeSpan.FromMilliseconds(100);
}
