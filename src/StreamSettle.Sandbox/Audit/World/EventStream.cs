namespace StreamSettle.Sandbox.Auditing.World;

/// <summary>All events of one order, by version.</summary>
/// <param name="Id">As the log has it; the order's id in decimal.</param>
/// <param name="Version">What <c>mt_streams</c> says the last version is.</param>
public sealed record EventStream(string Id, long Version, IReadOnlyList<LoggedEvent> Events);
