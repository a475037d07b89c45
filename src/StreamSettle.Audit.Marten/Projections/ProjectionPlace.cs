using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten.Projections;

/// <summary>How far a projection has come.</summary>
/// <param name="Name">See <see cref="ProjectionName"/>.</param>
/// <param name="Generation">1, and one more each time that it was made anew.</param>
/// <param name="Position">The last event's <c>seq_id</c> that is in it; 0 for none.</param>
/// <param name="Last">The last event's in the log; 0 for none.</param>
/// <param name="OldestLeft">When the first event was stored that is not in it; null where all are.</param>
public sealed record ProjectionPlace(string Name, long Generation, long Position, long Last, UtcInstant? OldestLeft)
{
    /// <summary>Sequence numbers that it is behind: at least as many as events.</summary>
    public long Behind => OldestLeft is null ? 0 : Last - Position;
}
