using Npgsql;
using Npgsql.Replication;
using StreamSettle.Connectors.Embedded.Inspection;
using StreamSettle.Connectors.Embedded.Offsets;
using StreamSettle.Connectors.Embedded.Server;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Connectors.Embedded.Streaming;

/// <summary>Looks, before streaming goes on, whether the source is still the one that the offset speaks of, and the slot still has all of it.</summary>
internal static class Resume
{
    /// <exception cref="UserMistakeException">Going on would leave changes out.</exception>
    public static async Task CheckAsync(CdcRun run, NpgsqlConnection connection, LogicalReplicationConnection replication, CdcOffset offset, CancellationToken stop)
    {
        const string remedy = $"Give the right Source:ConnectionString or StateDirectory. After a move to this server: {Remedies.ReadAnew}";
        var system = await replication.IdentifySystem(stop).ConfigureAwait(false);
        if (system.SystemId != offset.SystemId)
        {
            throw new UserMistakeException(
                $"the source is another PostgreSQL cluster (system identifier {system.SystemId}) than the one this state directory has read ({offset.SystemId}). {remedy}");
        }

        if (system.DbName != offset.Database)
        {
            throw new UserMistakeException($"the source is database {system.DbName}, but this state directory has read {offset.Database}. {remedy}");
        }

        SourceInspection.Refuse(await SourceInspection.LookAsync(connection, run.Options, run.Tables, offset, anew: false, stop).ConfigureAwait(false), following: true);
        await Slots.WaitUntilFreeAsync(
            connection, offset.Slot, ServerConnections.ApplicationName(offset.Instance), run.Options.SlotWait, run.Time, stop).ConfigureAwait(false);
    }
}
