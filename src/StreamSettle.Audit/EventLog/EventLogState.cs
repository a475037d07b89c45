namespace StreamSettle.Audit.EventLog;

/// <summary>What stands in the event log when it is opened.</summary>
/// <param name="IsEmpty">There is no event.</param>
/// <param name="Owner">The log that it belongs to; null when none was registered.</param>
public sealed record EventLogState(bool IsEmpty, LogRegistration? Owner);
