using StreamSettle.Connectors.Embedded.Offsets;
using StreamSettle.Connectors.Embedded.Server;

namespace StreamSettle.Connectors.Embedded.Inspection;

/// <summary>What the replication slot must be like. Pure.</summary>
internal static class SlotRules
{
    /// <summary>It is there already: streaming must be able to go on from the offset.</summary>
    public static IEnumerable<SourceFinding> Follows(SlotState? slot, CdcOffset offset) => Slots.Problem(slot, offset) is { } problem ? [Wrong(problem)] : [];

    /// <summary>It is to be made: there must be room, and none of its name that is not ours.</summary>
    /// <param name="begun">The offset of a start that was cut off; null for none.</param>
    /// <param name="anew">A slot of our name may be dropped although the log does not know it.</param>
    public static IEnumerable<SourceFinding> MayBeMade(SourceFacts source, string name, CdcOffset? begun, bool anew)
    {
        if (source.Slot is not null)
        {
            return anew || begun?.Slot == name
                ? []
                : [Wrong($"the source has a replication slot {name} already, but this state directory knows nothing of it: another StreamSettle reads there, or the state "
                    + "directory was lost or exchanged. Give the right StateDirectory or restore it from a backup; choose another Source:SlotName and Audit:Schema for another "
                    + "shop (docs/operations.md).")];
        }

        return source.Server.SlotsUsed < source.Server.SlotsMost
            ? []
            : [Wrong($"the source has no room for another replication slot: {source.Server.SlotsUsed} of max_replication_slots = {source.Server.SlotsMost} are there. "
                + "Drop one that nobody uses (select slot_name, active from pg_replication_slots; select pg_drop_replication_slot('...');), "
                + $"or run ALTER SYSTEM SET max_replication_slots = {source.Server.SlotsUsed + 4}; and restart PostgreSQL.")];
    }

    static SourceFinding Wrong(string message) => new(SourceSubject.Slot, message);
}
