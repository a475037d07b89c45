using System.Buffers.Text;
using System.Data;
using System.Globalization;
using System.Text;
using Npgsql;
using StreamSettle.Connectors.Embedded.Records;
using StreamSettle.Connectors.Embedded.Server;
using StreamSettle.Connectors.Embedded.Snapshots;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Connectors.Embedded.Scanning;

/// <summary>
/// Reads one shard from its cursor to its end, page by page, in one snapshot. The server goes along the primary key's index and sorts the shard once, so that each page
/// costs the same; a cursor begins a shard anew wherever it was left.
/// </summary>
/// <param name="pageRows">Rows of a page.</param>
internal sealed class ShardReader(NpgsqlConnection connection, CapturedTable table, EmbeddedCdcOptions options, TimeProvider time, int pageRows)
{
    readonly ChangeRecords records = new(new EnvelopeWriter(time));
    readonly CopyRow row = new();

    /// <param name="page">Gives an empty page.</param>
    /// <param name="write">Takes a filled one.</param>
    /// <param name="waits">Told for what the point waits.</param>
    public async Task ReadAsync(
        (int At, ScanShard Shard, ScanRequest Request) what, Func<ValueTask<ScanPage>> page, Func<ScanPage, ValueTask> write, Action<string> waits, CancellationToken stop)
    {
        var filling = await page().ConfigureAwait(false);
        var began = time.GetTimestamp();
        var lsn = await ScanPoint.TakeAsync(connection, time, waits, stop).ConfigureAwait(false);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, stop).ConfigureAwait(false);
        var (columns, txId) = (await Catalog.ColumnsAsync(connection, table.Name, stop).ConfigureAwait(false), await OldestAsync(stop).ConfigureAwait(false));
        var shape = new TableShape(table, options.TopicPrefix, connection.Database, columns);
        var point = new ChangePoint(lsn, txId, UtcInstant.Now(time).Microseconds, 0, SnapshotLabel.Incremental);
        using var copy = (StreamReader)await connection.BeginTextExportAsync($"COPY ({Sql(what.Shard, what.Request, columns)}) TO STDOUT", stop).ConfigureAwait(false);
        var lines = new CopyLines(copy.BaseStream);
        var (shard, rows) = (what.Shard, 0);
        while (await lines.NextAsync(stop).ConfigureAwait(false))
        {
            row.Read(lines.Line);
            records.Create(filling.Records, new(shape, row.Bytes, point), row.Cells);
            shard = shard with { Rows = shard.Rows + 1 };
            if (++rows % pageRows == 0)
            {
                shard = shard with { Cursor = CursorOf(shape, columns.Count) };
                (filling.At, filling.Shard, filling.Took) = (what.At, shard, time.GetElapsedTime(began));
                await write(filling).ConfigureAwait(false);
                filling = await page().ConfigureAwait(false);
                began = time.GetTimestamp();
            }
        }

        (filling.At, filling.Shard, filling.Took) = (what.At, shard with { IsDone = true }, time.GetElapsedTime(began));
        await write(filling).ConfigureAwait(false);
    }

    /// <summary>The columns as a change of the row tells them, and behind them the instant that rows are sorted by.</summary>
    string Sql(ScanShard shard, ScanRequest request, IReadOnlyList<(string Name, uint TypeOid)> columns)
    {
        var names = options.Orders;
        var (key, at) = (TableName.Quote(names.OrderId), TableName.Quote(names.CompletedAt));
        var sorted = $"coalesce({at}, 'infinity'::timestamptz)";
        var sql = new StringBuilder($"select {string.Join(", ", columns.Select(column => TableName.Quote(column.Name)))}, {sorted} from {table.Name.Quoted} where true");
        sql.Append(shard.First is { } first ? string.Create(CultureInfo.InvariantCulture, $" and {key} >= {first}") : "");
        sql.Append(shard.End is { } end ? string.Create(CultureInfo.InvariantCulture, $" and {key} < {end}") : "");
        sql.Append(request.From is { } from ? $" and {at} >= '{from}'" : "");
        sql.Append(request.To is { } to ? $" and {at} < '{to}'" : "");
        sql.Append(shard.Cursor is { } cursor ? string.Create(CultureInfo.InvariantCulture, $" and ({sorted}, {key}) > ('{cursor.CompletedAt}'::timestamptz, {cursor.Order})") : "");
        return sql.Append($" order by {sorted}, {key}").ToString();
    }

    ScanCursor CursorOf(TableShape shape, int columns)
    {
        var at = Encoding.ASCII.GetString(row.Cells[columns].In(row.Bytes));
        return Utf8Parser.TryParse(row.Cells[shape.KeyColumn].In(row.Bytes), out long key, out _)
            ? new(at, key)
            : throw new Kernel.Failures.CorruptStateException($"{table.Name} has a key that is no whole number");
    }

    async Task<uint> OldestAsync(CancellationToken stop)
    {
        await using var oldest = new NpgsqlCommand("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint", connection);
        return unchecked((uint)(long)(await oldest.ExecuteScalarAsync(stop).ConfigureAwait(false))!);
    }
}
