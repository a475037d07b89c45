namespace StreamSettle.Connectors.Connect;

/// <summary>How far a source connector's records have been written, as Connect has committed it: everything before it is in the topics.</summary>
/// <param name="IsInSnapshot">The tables are still being read for the first time, or anew.</param>
/// <param name="Lsn">
/// The greatest position that Debezium's offset has. Its parts are <c>lsn</c> (of the change), <c>lsn_proc</c> (of the last thing processed) and <c>lsn_commit</c> (the
/// last commit before it). Changes come in the order of their commits and stand before them in the WAL, so each of these says: what was committed before it was told.
/// </param>
/// <param name="Commit"><c>lsn_commit</c>, up to which the slot may have been acknowledged; null after a snapshot, before the first change.</param>
public sealed record SourceOffset(bool IsInSnapshot, ulong Lsn, ulong? Commit);
