using Npgsql;
using NpgsqlTypes;
using StreamSettle.Connectors.Embedded.Server;

namespace StreamSettle.Connectors.Debezium.Following;

/// <summary>Where the server stands: what was committed before lies below.</summary>
/// <param name="Written">End of the WAL that was written so far.</param>
/// <param name="Slot">The slot at that moment; null for none.</param>
internal sealed record ServerPosition(ulong Written, SlotState? Slot)
{
    public static async Task<ServerPosition> ReadAsync(NpgsqlConnection connection, string slot, CancellationToken stop)
    {
        // The slot first: whatever it was acknowledged up to by then, Connect has committed before.
        var found = await Slots.FindAsync(connection, slot, stop).ConfigureAwait(false);
        await using var command = new NpgsqlCommand("select pg_current_wal_insert_lsn()", connection);
        return new((ulong)(NpgsqlLogSequenceNumber)(await command.ExecuteScalarAsync(stop).ConfigureAwait(false))!, found);
    }
}
