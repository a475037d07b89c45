namespace StreamSettle.Connectors.Embedded.Records;

/// <summary>Where and when a change stands, for its source block.</summary>
/// <param name="Lsn">Start of the change's WAL record; of a snapshot row the slot's consistent point, see <c>Snapshots.FirstStart</c>.</param>
/// <param name="CommittedUs">Commit time, microseconds since the epoch.</param>
/// <param name="Commit">Start of the transaction's commit record; 0 for a snapshot row.</param>
/// <param name="Snapshot">Debezium's label: <c>false</c> for a streamed change.</param>
internal readonly record struct ChangePoint(ulong Lsn, uint TxId, long CommittedUs, ulong Commit, SnapshotLabel Snapshot);
