using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace StreamSettle.Connectors.Embedded.Streaming;

/// <summary>
/// How a run knows what it has read: it writes marks into the source's WAL, and when one comes along the stream, everything that stood in the source when it was
/// written has been read. Where it may not write the WAL position of that instant serves instead.
/// Written on the watch's connection, read by the stream.
/// </summary>
/// <param name="instance">Of the state directory.</param>
/// <param name="run">Of this run alone: no other service of the database, and no other run of this one, writes the same.</param>
internal sealed class SourceMarks(string instance, string run)
{
    /// <summary>Positions that wait for the stream; it is far behind when there are more, and the oldest say enough.</summary>
    const int PositionsMax = 64;

    readonly ConcurrentQueue<(long At, ulong Lsn)> positions = new();
    readonly byte[] start = Encoding.UTF8.GetBytes($"{instance}/{run}/");
    bool onlyPositions;

    /// <summary>Prefix of our logical messages.</summary>
    public static ReadOnlySpan<byte> Prefix => "streamsettle"u8;

    /// <summary>Marks where the source stands now. The message is transactional, because only a commit is flushed at once, and only what is flushed is decoded.</summary>
    /// <param name="at">The instant that it stands for.</param>
    public async Task WriteAsync(NpgsqlConnection connection, long at)
    {
        if (!onlyPositions)
        {
            try
            {
                await using var write = new NpgsqlCommand("select pg_logical_emit_message(true, $1, $2)", connection)
                {
                    Parameters = { new() { Value = Encoding.UTF8.GetString(Prefix) }, new() { Value = Encoding.UTF8.GetString(start) + at.ToString(CultureInfo.InvariantCulture) } },
                };
                await write.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
                return;
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.ReadOnlySqlTransaction)
            {
                onlyPositions = true;
            }
        }

        await NotePositionAsync(connection, at).ConfigureAwait(false);
    }

    /// <summary>True when a logical message is a mark of this run.</summary>
    /// <param name="at">When it was written.</param>
    public bool TryRead(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> content, out long at)
    {
        at = 0;
        return prefix.SequenceEqual(Prefix) && content.StartsWith(start) && Utf8Parser.TryParse(content[start.Length..], out at, out var read)
            && read == content.Length - start.Length;
    }

    /// <summary>When the last of the noted positions was taken that the stream has come to; null when it has come to none.</summary>
    public long? ReachedAt(ulong lsn)
    {
        long? reached = null;
        while (positions.TryPeek(out var next) && next.Lsn <= lsn)
        {
            positions.TryDequeue(out _);
            reached = next.At;
        }

        return reached;
    }

    /// <summary>A transaction of ours that only draws a number follows the position, so that the server flushes and decodes up to there soon although nobody writes.</summary>
    async Task NotePositionAsync(NpgsqlConnection connection, long at)
    {
        await using var position = new NpgsqlCommand("select pg_current_wal_insert_lsn()", connection);
        var lsn = (NpgsqlLogSequenceNumber)(await position.ExecuteScalarAsync(CancellationToken.None).ConfigureAwait(false))!;
        if (positions.Count < PositionsMax)
        {
            positions.Enqueue((at, (ulong)lsn));
        }

        await using var follow = new NpgsqlCommand("select pg_current_xact_id()", connection);
        await follow.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
    }
}
