namespace StreamSettle.Audit.EventLog;

/// <summary>The mistake that both implementations refuse in the same words.</summary>
public static class NotRegistered
{
    public static string Message(Guid logIdentity) =>
        $"The event log does not belong to the log {logIdentity}: another one was registered since, or none. Is a second service with another state directory running on the same event log (Audit:ConnectionString, Audit:Schema)? Stop one of them, or give it its own schema.";
}
