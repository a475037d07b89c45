using StreamSettle.Audit.Encryption;

namespace StreamSettle.Audit.Marten.Keys;

/// <summary>A merchant's key as it is stored.</summary>
/// <param name="Wrapped">Null when it was shredded.</param>
/// <param name="MasterKey">The name of the master key that wraps it, or did.</param>
internal sealed record DataKeyRow(DataKeyName Name, byte[]? Wrapped, string MasterKey);
