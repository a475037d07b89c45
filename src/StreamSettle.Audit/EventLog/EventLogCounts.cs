namespace StreamSettle.Audit.EventLog;

/// <summary>How much was appended through this port so far.</summary>
public readonly record struct EventLogCounts(long Events, long Streams);
