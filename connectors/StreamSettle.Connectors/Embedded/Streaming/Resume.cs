using Npgsql;
using Npgsql.Replication;
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

        await ChecksAsync(run, connection, stop).ConfigureAwait(false);
        Slots.Check(await Slots.FindAsync(connection, offset.Slot, stop).ConfigureAwait(false), offset);
        await Slots.WaitUntilFreeAsync(
            connection, offset.Slot, ServerConnections.ApplicationName(offset.Instance), run.Options.SlotWait, run.Time, stop).ConfigureAwait(false);
    }

    /// <summary>The same as before a first start: what was right then may have been altered while nobody looked.</summary>
    static async Task ChecksAsync(CdcRun run, NpgsqlConnection connection, CancellationToken stop)
    {
        try
        {
            await SourceChecks.RunAsync(connection, run.Tables, stop).ConfigureAwait(false);
            await Publications.CheckAsync(connection, run.Options.PublicationName, run.Tables, stop).ConfigureAwait(false);
        }
        catch (UserMistakeException e)
        {
            throw new UserMistakeException($"{e.Message} {Remedies.Meanwhile}", e);
        }
    }
}
