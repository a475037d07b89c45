namespace StreamSettle.Connectors.Embedded.Server;

/// <summary>A replication slot as <c>pg_replication_slots</c> shows it.</summary>
/// <param name="WalStatus"><c>reserved</c>, <c>extended</c>, <c>unreserved</c> or <c>lost</c>.</param>
/// <param name="ActivePid">Who reads it; null for nobody.</param>
/// <param name="Holder">That one's application name and address, for messages.</param>
internal sealed record SlotState(
    string? Plugin, string? Database, ulong? ConfirmedLsn, string? WalStatus, int? ActivePid, string? HolderName, string? Holder);
