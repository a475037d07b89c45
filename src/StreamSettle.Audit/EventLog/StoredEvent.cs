using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.EventLog;

/// <summary>An event as the log keeps it.</summary>
/// <param name="Sequence">Its place in the whole log; grows within a stream.</param>
/// <param name="Version">Its place in its stream, from 1 without a gap.</param>
/// <param name="Type">Its alias, as <see cref="EventKinds.Alias"/>; one that this program does not know is possible.</param>
/// <param name="Json">Its body. The order of members and the white space are the database's.</param>
/// <param name="StoredAt">When it was stored, by the database's clock.</param>
public sealed record StoredEvent(long Sequence, long Version, string Type, Guid Id, string Cause, string Json, UtcInstant StoredAt)
{
    /// <summary>The event; null when this program does not know its type.</summary>
    /// <exception cref="CorruptStateException">The body is no event of its type.</exception>
    public SettlementEvent? Event() => EventKinds.TryFromAlias(Type, out var kind) ? EventJson.Read(kind, Json) : null;
}
