using Npgsql;
using Npgsql.Replication;
using StreamSettle.Connectors.Embedded.Inspection;
using StreamSettle.Connectors.Embedded.Offsets;
using StreamSettle.Connectors.Embedded.Server;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Connectors.Embedded.Streaming;

/// <summary>Looks, before streaming goes on, whether the source is still the one that the offset speaks of, has all that was read of it, and the slot all of the rest.</summary>
internal static class Resume
{
    const string Moved = $"Give the right Source:ConnectionString or StateDirectory. After a move to this server: {Remedies.ReadAnew}";

    const string Behind =
        "Changes that were read are not in this source any more, and what it does from there on would be taken for old. Was it restored from a backup, or a standby "
        + $"promoted that had not got everything? Bring back the server that has all of it, or go on from here: {Remedies.ReadAnew}";

    /// <returns>The offset on the server's timeline.</returns>
    /// <exception cref="UserMistakeException">Going on would leave changes out.</exception>
    public static async Task<CdcOffset> CheckAsync(CdcRun run, NpgsqlConnection connection, LogicalReplicationConnection replication, CdcOffset offset, CancellationToken stop)
    {
        var system = await replication.IdentifySystem(stop).ConfigureAwait(false);
        if (system.SystemId != offset.SystemId)
        {
            throw new UserMistakeException(
                $"the source is another PostgreSQL cluster (system identifier {system.SystemId}) than the one this state directory has read ({offset.SystemId}). {Moved}");
        }

        if (system.DbName != offset.Database)
        {
            throw new UserMistakeException($"the source is database {system.DbName}, but this state directory has read {offset.Database}. {Moved}");
        }

        await CheckHistoryAsync(replication, system, offset, stop).ConfigureAwait(false);
        SourceInspection.Refuse(await SourceInspection.LookAsync(connection, run.Options, run.Tables, offset, anew: false, stop).ConfigureAwait(false));
        await Slots.WaitUntilFreeAsync(
            connection, offset.Slot, ServerConnections.ApplicationName(offset.Instance), run.Options.SlotWait, run.Time, stop).ConfigureAwait(false);
        return offset with { Timeline = system.Timeline };
    }

    static async Task CheckHistoryAsync(
        LogicalReplicationConnection replication, ReplicationSystemIdentification system, CdcOffset offset, CancellationToken stop)
    {
        if ((ulong)system.XLogPos < offset.Lsn)
        {
            throw new UserMistakeException(
                $"the source stands at {system.XLogPos}, but this state directory has read it up to {Slots.Lsn(offset.Lsn)}. {Behind}");
        }

        if (system.Timeline == offset.Timeline)
        {
            return;
        }

        // The first timeline has no history, and nobody comes to it from another.
        var history = system.Timeline > 1 ? (await replication.TimelineHistory(system.Timeline, stop).ConfigureAwait(false)).Content : [];
        var followed = Timelines.FollowedUpTo(history, offset.Timeline);
        if (followed is null || followed < offset.Lsn)
        {
            var branched = followed is { } at ? $"left that one at {Slots.Lsn(at)}" : "never was on that one";
            throw new UserMistakeException(
                $"the source is on timeline {system.Timeline}, but this state directory has read timeline {offset.Timeline} up to {Slots.Lsn(offset.Lsn)}, and the source "
                + $"{branched}. {Behind}");
        }
    }
}
