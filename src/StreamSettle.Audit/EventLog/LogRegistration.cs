namespace StreamSettle.Audit.EventLog;

/// <summary>Which log (state directory or Kafka application) an event log was fed from.</summary>
/// <param name="Identity">Drawn once when the log was made; lives as long as its state directory.</param>
/// <param name="SystemIdentifier">The source server's identity (<c>pg_control_system()</c>), where known.</param>
/// <param name="SlotName">The replication slot that the log is read from, where there is one.</param>
public sealed record LogRegistration(Guid Identity, string? SystemIdentifier = null, string? SlotName = null);
