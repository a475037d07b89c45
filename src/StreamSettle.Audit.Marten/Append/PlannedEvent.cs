using StreamSettle.Audit.EventLog;

namespace StreamSettle.Audit.Marten.Append;

/// <summary>An event of a batch that is new, with its version.</summary>
internal readonly record struct PlannedEvent(BatchEntry Entry, string StreamId, long Version);
