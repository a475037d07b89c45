using StreamSettle.Kernel.Time;

namespace StreamSettle.Topology.Clock;

/// <summary>
/// A record of <c>clock-progress</c>: what clock tasks and settle tasks of all instances tell each other. Nothing in it is an instant of a machine's clock: marks are
/// values of orders, and places are the log's. The key is the clock task's partition, of a request the complement of the settle task's.
/// </summary>
abstract record ClockReport
{
    ClockReport()
    {
    }

    /// <summary>A clock task has begun, in the transaction with the first thing that it did: what those before it reported is over.</summary>
    /// <param name="Assignment">See <see cref="ClockAssignment"/>.</param>
    public sealed record Began(long Assignment) : ClockReport;

    /// <summary>
    /// A clock task has handed over every order with a mark up to <paramref name="Through"/>, by all that it has read; while nothing fires it says of marks nothing, by
    /// <see cref="UtcInstant.MinValue"/>.
    /// </summary>
    /// <param name="Assignment">See <see cref="ClockAssignment"/>.</param>
    /// <param name="ProvenEnd">Up to this offset of its partition of the topic of orders it has processed whole transactions of the source.</param>
    /// <param name="Last">The last mark of those that it handed over just now, which others may wait for; null where it only answers.</param>
    public sealed record Fired(long Assignment, long ProvenEnd, UtcInstant Through, UtcInstant? Last) : ClockReport;

    /// <summary>A settle task waits for all clock tasks to have passed this mark: each says how far it is.</summary>
    public sealed record Requested(UtcInstant Mark) : ClockReport;
}
