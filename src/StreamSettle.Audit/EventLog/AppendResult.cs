namespace StreamSettle.Audit.EventLog;

/// <summary>What an append did.</summary>
/// <param name="Appended">Events that are new in the log.</param>
/// <param name="Replayed">Events that were there already: below the stored position, or with an id that their stream has.</param>
/// <param name="Positions">The next offset of every partition of the batch, as stored now.</param>
public sealed record AppendResult(int Appended, int Replayed, IReadOnlyDictionary<SourcePartition, long> Positions);
