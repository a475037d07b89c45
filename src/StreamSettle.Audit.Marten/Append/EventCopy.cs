using System.Collections.Concurrent;
using Npgsql;
using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Marten.Keys;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Kernel.Bytes;

namespace StreamSettle.Audit.Marten.Append;

/// <summary>Events into <c>mt_events</c> by binary COPY, all columns as Marten itself writes them.</summary>
/// <remarks>The rows are written here, as <c>CopyTuples</c> draws them: the driver's writer of single values takes a call and a converter for each of ten values a row.</remarks>
internal sealed class EventCopy(Tables tables)
{
    /// <summary>Rows that are gathered for one write to the connection.</summary>
    const int ChunkBytes = 64 * 1024;

    readonly ConcurrentBag<ByteBuffer> spare = [];

    readonly string sql = $"copy {tables.Events} (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, is_archived) from stdin (format binary)";

    public async Task WriteAsync(NpgsqlConnection connection, EventBatch batch, (List<PlannedEvent> Events, ProtectedBodies? Bodies) what, DrawnNumbers drawn, CancellationToken stop)
    {
        var events = what.Events;
        if (events.Count == 0)
        {
            return;
        }

        var rows = new EventRows(spare.TryTake(out var cleared) ? cleared : new(2 * ChunkBytes), drawn.StoredAt);

        // Closing it says that all is there: where anything fails before, the transaction's end cancels it.
        var stream = await connection.BeginRawBinaryCopyAsync(sql, stop);
        rows.Begin();
        for (var i = 0; i < events.Count; i++)
        {
            var entry = events[i].Entry;
            var json = what.Bodies?.TryGet(entry.RecordStart, out var encrypted) == true ? encrypted : batch.Json(entry);
            rows.Add(events[i], drawn.Sequence[i], json.Span);
            if (rows.Bytes.Length >= ChunkBytes)
            {
                await stream.WriteAsync(rows.Bytes.WrittenMemory, stop);
                rows.Bytes.Clear();
            }
        }

        rows.End();
        await stream.WriteAsync(rows.Bytes.WrittenMemory, stop);
        await stream.DisposeAsync();
        rows.Bytes.Clear();
        spare.Add(rows.Bytes);
    }
}
