using StreamSettle.Audit.EventLog;

namespace StreamSettle.Audit.Marten;

/// <summary>The event log as it stands, before anything is made.</summary>
/// <param name="Exists">There is one; else the schema or its tables are still to be made.</param>
/// <param name="State">Empty where there is none.</param>
/// <param name="Positions">Of the registered log: the next offset of each source partition.</param>
/// <param name="Problems">Why this role cannot keep it, each with the remedy; empty when it can.</param>
public sealed record EventLogLook(
    bool Exists, EventLogState State, IReadOnlyDictionary<SourcePartition, long> Positions, IReadOnlyList<string> Problems);
