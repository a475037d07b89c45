namespace StreamSettle.Topology.Clock;

/// <summary>
/// A time in which the source is fresh for this process without a break. It begins when every clock task has processed up to a point that was taken after the last
/// closing. One epoch is the same as another only if it is the same object.
/// </summary>
/// <param name="from">See <see cref="From"/>.</param>
public sealed class SourceEpoch(IReadOnlyList<long> from)
{
    /// <summary>
    /// Of each partition of the topic of orders, the end of the point up to which it was processed then. What happened in the source while the gate was closed lies
    /// below: whoever says something from a position that is not below has processed it. A place in the log is the same for every instance, where clocks and counts
    /// of closings are each one's own.
    /// </summary>
    public IReadOnlyList<long> From { get; } = from;
}
