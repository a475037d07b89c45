using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Audit.EventLog;

/// <summary>A record of the topic <c>settlement-events</c>, as <see cref="EventCodec"/> reads it: slices of the record's bytes.</summary>
public readonly ref struct EventRecord
{
    public required OrderId OrderId { get; init; }

    public required EventKind Kind { get; init; }

    /// <summary>The event's cause, UTF-8.</summary>
    public required ReadOnlySpan<byte> Cause { get; init; }

    /// <summary>The event's body, UTF-8.</summary>
    public required ReadOnlySpan<byte> Json { get; init; }

    /// <summary>The id that the event has in the log.</summary>
    public Guid Id => EventIds.Derive(OrderId, Kind, Cause);

    /// <exception cref="Kernel.Failures.CorruptStateException">The body is no event of that kind.</exception>
    public SettlementEvent Event() => EventJson.Read(Kind, Json);
}
