using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.EventLog;

/// <summary>What <see cref="IEventLog.RegisterLogAsync"/> found.</summary>
public abstract record RegisterLogResult
{
    RegisterLogResult()
    {
    }

    /// <summary>The event log was empty and nobody's; it belongs to this log from now on.</summary>
    public sealed record Registered : RegisterLogResult;

    /// <summary>It belonged to this log already.</summary>
    public sealed record Known : RegisterLogResult;

    /// <summary>
    /// It belongs to another log: a service with that one runs here, the state directory is new or exchanged, or the connection string names another shop's event log.
    /// Nothing was changed.
    /// </summary>
    /// <param name="Owner">The log that it belongs to.</param>
    public sealed record OtherLog(LogRegistration Owner, UtcInstant Since) : RegisterLogResult;

    /// <summary>It holds events, but no log was ever registered: something else wrote them. Nothing was changed.</summary>
    public sealed record UnownedEvents : RegisterLogResult;
}
