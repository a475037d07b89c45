using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using StreamSettle.Connectors.Embedded.Offsets;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Connectors.Embedded.Server;

/// <summary>Finds, judges and drops replication slots.</summary>
internal static class Slots
{
    public static async Task<SlotState?> FindAsync(NpgsqlConnection connection, string name, CancellationToken stop)
    {
        const string sql = """
            select s.plugin::text, s.database::text, s.confirmed_flush_lsn, s.wal_status, s.active_pid, a.application_name,
                   concat_ws(' ', 'pid', s.active_pid, a.application_name, host(a.client_addr))
              from pg_replication_slots s left join pg_stat_activity a on a.pid = s.active_pid where s.slot_name = $1
            """;
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = name } } };
        await using var row = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
        return await row.ReadAsync(stop).ConfigureAwait(false)
            ? new(Text(row, 0), Text(row, 1), row.IsDBNull(2) ? null : (ulong)row.GetFieldValue<NpgsqlLogSequenceNumber>(2), Text(row, 3),
                row.IsDBNull(4) ? null : row.GetInt32(4), Text(row, 5), row.IsDBNull(4) ? null : row.GetString(6))
            : null;
    }

    /// <summary>Why streaming cannot go on from the offset, and what to do; null when it can.</summary>
    public static string? Problem(SlotState? slot, CdcOffset offset)
    {
        const string remedy = $"What changed in between cannot be read from the source any more. {Remedies.ReadAnew}";
        if (slot is null)
        {
            return $"the replication slot {offset.Slot} is gone; it was dropped, or the server failed over without it, after {Lsn(offset.Lsn)}. {remedy}";
        }

        if (slot.Plugin != "pgoutput" || slot.Database != offset.Database)
        {
            return $"the replication slot {offset.Slot} is not ours: plugin {slot.Plugin}, database {slot.Database}, expected pgoutput and {offset.Database}. "
                + $"Give the Source:SlotName that this state directory has read by. {Remedies.ReadAnew}";
        }

        if (slot.WalStatus == "lost")
        {
            return $"the replication slot {offset.Slot} has lost its WAL (wal_status = lost): the service was away longer than max_slot_wal_keep_size keeps. {remedy}";
        }

        if (slot.ConfirmedLsn > (offset.Mark?.Commit ?? offset.Lsn))
        {
            return
                $"the replication slot {offset.Slot} stands at {Lsn(slot.ConfirmedLsn.Value)}, but this state directory knows the source only up to {Lsn(offset.Lsn)}: "
                + $"somebody else reads the slot or has moved it, or the state directory is an old copy. {remedy}";
        }

        return null;
    }

    public static async Task DropAsync(NpgsqlConnection connection, string name, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand("select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1", connection)
        {
            Parameters = { new() { Value = name } },
        };
        await command.ExecuteNonQueryAsync(stop).ConfigureAwait(false);
    }

    /// <summary>
    /// Waits until nobody reads the slot. What a killed run of this same state directory left behind is ended; others are waited for.
    /// </summary>
    /// <exception cref="UserMistakeException">Somebody else holds it for longer than <paramref name="patience"/>.</exception>
    public static async Task WaitUntilFreeAsync(
        NpgsqlConnection connection, string name, string ourName, TimeSpan patience, TimeProvider time, CancellationToken stop)
    {
        var began = time.GetTimestamp();
        var pause = TimeSpan.FromMilliseconds(100);
        for (var slot = await FindAsync(connection, name, stop).ConfigureAwait(false);
             slot?.ActivePid is { } pid;
             slot = await FindAsync(connection, name, stop).ConfigureAwait(false))
        {
            if (time.GetElapsedTime(began) >= patience)
            {
                throw new UserMistakeException(
                    $"the replication slot {name} is in use by another process ({slot.Holder}). Stop it, or choose another Source:SlotName.");
            }

            if (slot.HolderName == ourName)
            {
                await TerminateAsync(connection, pid, stop).ConfigureAwait(false);
            }

            await Task.Delay(pause, time, stop).ConfigureAwait(false);
        }
    }

    public static string Lsn(ulong lsn) => new NpgsqlLogSequenceNumber(lsn).ToString();

    static async Task TerminateAsync(NpgsqlConnection connection, int pid, CancellationToken stop)
    {
        try
        {
            await using var command = new NpgsqlCommand(string.Create(CultureInfo.InvariantCulture, $"select pg_terminate_backend({pid})"), connection);
            await command.ExecuteNonQueryAsync(stop).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            // Then the server's own time-out has to end it.
        }
    }

    static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
