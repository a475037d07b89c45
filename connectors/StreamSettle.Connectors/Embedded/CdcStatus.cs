using StreamSettle.Kernel.Time;

namespace StreamSettle.Connectors.Embedded;

/// <summary>What the capture is doing, for the dashboard and the readiness check.</summary>
public abstract record CdcStatus
{
    CdcStatus()
    {
    }

    /// <summary>Connecting, or waiting for the slot.</summary>
    public sealed record Starting : CdcStatus;

    /// <summary>The source is reached; before its tables can be read, somebody has to end what keeps them from it.</summary>
    /// <param name="Reason">Who, and what to do.</param>
    public sealed record Waiting(UtcInstant Since, string Reason) : CdcStatus;

    /// <summary>Reading the tables as they stood when the slot was made.</summary>
    /// <param name="Rows">Rows read so far.</param>
    public sealed record Snapshotting(long Rows) : CdcStatus;

    /// <summary>Following the changes.</summary>
    /// <param name="LagBytes">WAL that the server has written beyond what is committed to the log; null until it was first measured.</param>
    public sealed record Streaming(long? LagBytes) : CdcStatus;

    /// <summary>The changes are followed, but how far has not been told for longer than the silence.</summary>
    /// <param name="Reason">What keeps it, and what to do.</param>
    public sealed record Behind(UtcInstant Since, string Reason) : CdcStatus;

    /// <summary>What the source is read by was altered; it is looked at, and read again or found unfit.</summary>
    public sealed record Altered(UtcInstant Since, string Reason) : CdcStatus;

    /// <summary>The source cannot be reached; it is tried again and again, and goes on where it was.</summary>
    public sealed record Disconnected(UtcInstant Since, string Reason) : CdcStatus;

    /// <summary>The source is reached, but following it would leave changes out or mistake them; it is looked at again and again, and goes on when it is mended.</summary>
    /// <param name="Reason">What is wrong and what to do.</param>
    public sealed record Unfit(UtcInstant Since, string Reason) : CdcStatus;

    /// <summary>Ended, in good order or with an error.</summary>
    public sealed record Stopped : CdcStatus;
}
