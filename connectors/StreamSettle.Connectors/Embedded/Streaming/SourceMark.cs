using Npgsql;

namespace StreamSettle.Connectors.Embedded.Streaming;

/// <summary>
/// How a start knows that it has read what was in the source when it began: it writes a message into the source's WAL, and waits until that comes along.
/// Where it may not write, the source's WAL position at the start serves.
/// </summary>
internal sealed record SourceMark(string? Message, ulong Lsn)
{
    /// <summary>Prefix of our logical messages.</summary>
    public const string Prefix = "streamsettle";

    /// <summary>Writes the message. It is transactional, because only a commit is flushed at once, and only what is flushed is decoded.</summary>
    public static async Task<SourceMark> WriteAsync(NpgsqlConnection connection, string message, CancellationToken stop)
    {
        try
        {
            await using var write = new NpgsqlCommand("select pg_logical_emit_message(true, $1, $2)", connection)
            {
                Parameters = { new() { Value = Prefix }, new() { Value = message } },
            };
            await write.ExecuteNonQueryAsync(stop).ConfigureAwait(false);
            return new(message, ulong.MaxValue);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.ReadOnlySqlTransaction)
        {
            await using var position = new NpgsqlCommand("select pg_current_wal_lsn()", connection);
            return new(null, (ulong)(NpgsqlTypes.NpgsqlLogSequenceNumber)(await position.ExecuteScalarAsync(stop).ConfigureAwait(false))!);
        }
    }

    /// <summary>True when the stream has come to it.</summary>
    public bool IsReached(string? lastMessage, ulong received) => Message is null ? received >= Lsn : lastMessage == Message;
}
