namespace StreamSettle.Audit.Marten.Keys;

/// <summary>A master key, as the event log and the ring know it.</summary>
/// <param name="Keys">Merchants' keys that it wraps.</param>
/// <param name="Problem">Why it opens none of them; null when it does.</param>
public sealed record MasterKeyUse(string Id, long Keys, string? Problem);
