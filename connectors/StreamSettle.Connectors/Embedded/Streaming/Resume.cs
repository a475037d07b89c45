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
    /// <summary>Since then the server sends a history as text, which Npgsql takes for bytes and fails.</summary>
    const int FirstWithHistoryAsText = 15;

    const string Moved = $"Give the right Source:ConnectionString or StateDirectory. After a move to this server: {Remedies.ReadAnew}";

    const string Behind =
        "Changes that were read are not in this source any more, and what it does from there on would be taken for old. Was it restored from a backup, or a standby "
        + $"promoted that had not got everything? Bring back the server that has all of it, or go on from here: {Remedies.ReadAnew}";

    /// <summary>The server does not have, where it was read, what was read there.</summary>
    public static UserMistakeException OtherHistory(MarkPoint mark) => new(
        $"the source has another history than the one that this state directory has read: at {Slots.Lsn(mark.Commit)} it does not have the mark that was written there. {Behind}");

    /// <returns>The offset on the server's timeline.</returns>
    /// <exception cref="UserMistakeException">Going on would leave changes out.</exception>
    public static async Task<CdcOffset> CheckAsync(CdcRun run, NpgsqlConnection connection, LogicalReplicationConnection replication, CdcOffset offset, CancellationToken stop)
    {
        var system = await replication.IdentifySystem(stop).ConfigureAwait(false);
        if (await ProblemAsync(connection, replication, system, offset, stop).ConfigureAwait(false) is { } problem)
        {
            throw new UserMistakeException(problem);
        }

        SourceInspection.Refuse(await SourceInspection.LookAsync(connection, run.Options, run.Tables, offset, anew: false, stop).ConfigureAwait(false));
        await Slots.WaitUntilFreeAsync(
            connection, offset.Slot, ServerConnections.ApplicationName(offset.Instance), run.Options.SlotWait, run.Time, stop).ConfigureAwait(false);
        if (system.Timeline == offset.Timeline)
        {
            return offset;
        }

        // Kept at once: from PostgreSQL 15 on it takes a superuser's grant to read that history, which may be revoked as soon as the service is ready.
        var moved = offset with { Timeline = system.Timeline };
        await run.Output.CommitAsync(moved).ConfigureAwait(false);
        return moved;
    }

    /// <summary>Why this is not the source that was read, or does not have all that was read of it, as far as the server says it by itself; null when all is well.</summary>
    public static async Task<string?> ProblemAsync(
        NpgsqlConnection connection, LogicalReplicationConnection replication, ReplicationSystemIdentification system, CdcOffset offset, CancellationToken stop)
    {
        if (Difference(system, offset) is { } other)
        {
            return other;
        }

        if ((ulong)system.XLogPos < offset.Lsn)
        {
            return $"the source stands at {system.XLogPos}, but this state directory has read it up to {Slots.Lsn(offset.Lsn)}. {Behind}";
        }

        if (system.Timeline == offset.Timeline)
        {
            return null;
        }

        if (await HistoryAsync(connection, replication, system.Timeline, stop).ConfigureAwait(false) is not { } history)
        {
            return $"the source is on timeline {system.Timeline}, another one than this state directory has read, and its role may not read that timeline's history. "
                + "Was a standby promoted? Let a superuser run GRANT EXECUTE ON FUNCTION pg_read_file(text) TO the role of Source:ConnectionString; it may be revoked afterwards.";
        }

        var followed = Timelines.FollowedUpTo(history, offset.Timeline);
        var branched = followed is { } at ? $"left that one at {Slots.Lsn(at)}" : "never was on that one";
        return followed >= offset.Lsn
            ? null
            : $"the source is on timeline {system.Timeline}, but this state directory has read timeline {offset.Timeline} up to {Slots.Lsn(offset.Lsn)}, and the source {branched}. {Behind}";
    }

    /// <returns>Null where the role may not read it.</returns>
    static async Task<byte[]?> HistoryAsync(NpgsqlConnection connection, LogicalReplicationConnection replication, uint timeline, CancellationToken stop)
    {
        // The first timeline has no history, and nobody comes to it from another.
        if (timeline == 1)
        {
            return [];
        }

        if (connection.PostgreSqlVersion.Major < FirstWithHistoryAsText)
        {
            return (await replication.TimelineHistory(timeline, stop).ConfigureAwait(false)).Content;
        }

        try
        {
            await using var read = new NpgsqlCommand($"select convert_to(pg_read_file('pg_wal/{timeline:X8}.history'), 'UTF8')", connection);
            return (byte[])(await read.ExecuteScalarAsync(stop).ConfigureAwait(false))!;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return null;
        }
    }

    static string? Difference(ReplicationSystemIdentification system, CdcOffset offset) =>
        system switch
        {
            _ when system.SystemId != offset.SystemId =>
                $"the source is another PostgreSQL cluster (system identifier {system.SystemId}) than the one this state directory has read ({offset.SystemId}). {Moved}",
            _ when system.DbName != offset.Database => $"the source is database {system.DbName}, but this state directory has read {offset.Database}. {Moved}",
            _ => null,
        };
}
