using StreamSettle.Connectors.Embedded;
using StreamSettle.Schemas.Registry;
using StreamSettle.Topology.Clock;

namespace StreamSettle.App.Composition;

/// <summary>What a state of the source means for firing.</summary>
static class SourceTrouble
{
    /// <summary>Why nothing may fire while the source is in this state; null when nothing is known to be wrong.</summary>
    public static ClosedReason? Of(CdcStatus status) => status switch
    {
        CdcStatus.Disconnected lost => new(ClosedBy.SourceLost, $"the source cannot be reached since {lost.Since}: {lost.Reason}"),
        CdcStatus.Waiting waiting => new(ClosedBy.CatchingUp, $"the tables of the source cannot be read yet, since {waiting.Since}: {waiting.Reason}"),
        CdcStatus.Snapshotting copy => new(ClosedBy.CatchingUp, $"the tables of the source are being read, {copy.Rows} rows so far"),
        CdcStatus.Behind behind => new(ClosedBy.CatchingUp, $"the source is followed, but since {behind.Since} not up to where it stands: {behind.Reason}"),
        CdcStatus.Altered altered => new(ClosedBy.CatchingUp, $"the source was altered, seen at {altered.Since}: {altered.Reason}"),
        CdcStatus.Unfit unfit => new(ClosedBy.SourceUnfit, $"the source cannot be followed since {unfit.Since}: {unfit.Reason}"),
        CdcStatus.Stopped => new(ClosedBy.SourceLost, "the source is not followed any more"),
        _ => null,
    };

    /// <summary>Why nothing may fire while records wait for the schema registry; null when none does.</summary>
    public static ClosedReason? Of(RegistryStatus status) => status is RegistryStatus.Waiting waiting
        ? new(ClosedBy.SchemaUnknown, $"records wait since {waiting.Since} for schema {waiting.Schema}: {waiting.Reason}")
        : null;
}
