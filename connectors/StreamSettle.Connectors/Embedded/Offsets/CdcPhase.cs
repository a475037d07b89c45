namespace StreamSettle.Connectors.Embedded.Offsets;

/// <summary>How far a start has come.</summary>
internal enum CdcPhase : byte
{
    /// <summary>A slot may have been made and rows read, but not all: a slot of that name is ours to drop, and the snapshot begins anew.</summary>
    Snapshot = 1,

    /// <summary>All rows of the snapshot are in the log.</summary>
    Streaming = 2,
}
