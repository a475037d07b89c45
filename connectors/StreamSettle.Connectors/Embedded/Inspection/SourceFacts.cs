using StreamSettle.Connectors.Embedded.Server;

namespace StreamSettle.Connectors.Embedded.Inspection;

/// <summary>The source as its catalog shows it at one moment, as far as following it rests on it.</summary>
/// <param name="Tables">By <see cref="CapturedTable.Index"/>; null where there is no table of that name.</param>
/// <param name="Publication">Null where there is none of the name.</param>
/// <param name="Slot">Null where there is none of the name.</param>
internal sealed record SourceFacts(ServerFacts Server, IReadOnlyList<TableFacts?> Tables, PublicationFacts? Publication, SlotState? Slot);

/// <param name="Version">As <c>server_version_num</c>: 150004.</param>
/// <param name="InRecovery">It is a standby.</param>
/// <param name="Encoding">Of the database.</param>
/// <param name="ConvertsToUtf8">The server converts every text of that encoding to UTF-8, or says that it cannot.</param>
/// <param name="User">Whom the role's rights are for: <c>current_user</c>.</param>
/// <param name="MayCreate">May make something in the database.</param>
/// <param name="SlotsMost"><c>max_replication_slots</c>.</param>
/// <param name="SlotsUsed">Slots that are there, of everybody.</param>
internal sealed record ServerFacts(
    int Version, string WalLevel, bool InRecovery, string Encoding, bool ConvertsToUtf8, string Database, string User, bool MayReplicate, bool MayCreate, int SlotsMost,
    int SlotsUsed);

/// <param name="Publishes">Inserts, updates, deletes and truncates.</param>
/// <param name="Tables">Whose changes come under their own name.</param>
/// <param name="Filtered">Of those, the ones with a row filter.</param>
/// <param name="Listed">Of those, the ones with a column list.</param>
internal sealed record PublicationFacts(bool Publishes, IReadOnlySet<TableName> Tables, IReadOnlySet<TableName> Filtered, IReadOnlySet<TableName> Listed);
