using Npgsql;
using StreamSettle.Connectors.Embedded.Offsets;
using StreamSettle.Connectors.Embedded.Records;
using StreamSettle.Connectors.Embedded.Server;

namespace StreamSettle.Connectors.Embedded.Snapshots;

/// <summary>Reads the tables in the slot's snapshot and writes their rows as <c>r</c> records: merchants, promoters, then orders.</summary>
/// <param name="point">Where the rows stand: see <see cref="FirstStart"/>.</param>
internal sealed class SnapshotCopy(CdcRun run, NpgsqlConnection connection, string database, ChangePoint point)
{
    /// <summary>How many rows go by between two reports of progress.</summary>
    const int ProgressRows = 10_000;

    readonly ChangeRecords records = new(new EnvelopeWriter(run.Time));
    CopyRow held = new();
    CopyRow next = new();
    long rows;

    /// <summary>Copies all tables and gives their shapes; the last rows are filled, not committed.</summary>
    /// <param name="begun">The offset as it is while the snapshot is under way.</param>
    public async Task<IReadOnlyList<TableShape>> RunAsync(CdcOffset begun, CancellationToken stop)
    {
        var shapes = new List<TableShape>();
        for (var i = 0; i < run.Tables.Count; i++)
        {
            shapes.Add(await TableAsync(run.Tables[i], isLast: i == run.Tables.Count - 1, begun, stop).ConfigureAwait(false));
        }

        Report();
        return shapes;
    }

    /// <summary>Says, after the rows, that what the snapshot does not have is gone; filled, not committed. An order does not go with its events.</summary>
    public void Sweep(IReadOnlyList<TableShape> shapes)
    {
        foreach (var shape in shapes.Where(shape => !shape.Table.IsOutbox))
        {
            records.Sweep(run.Output.Filling, shape, point);
        }
    }

    async Task<TableShape> TableAsync(CapturedTable table, bool isLast, CdcOffset begun, CancellationToken stop)
    {
        var columns = await Catalog.ColumnsAsync(connection, table.Name, stop).ConfigureAwait(false);
        var shape = new TableShape(table, run.Options.TopicPrefix, database, columns);
        var list = string.Join(", ", columns.Select(column => TableName.Quote(column.Name)));
        using var copy = (StreamReader)await connection.BeginTextExportAsync($"COPY {table.Name.Quoted} ({list}) TO STDOUT", stop).ConfigureAwait(false);
        var lines = new CopyLines(copy.BaseStream);

        // A row is held back until it is known whether it is the last.
        var (any, isFirst) = (false, true);
        while (await lines.NextAsync(stop).ConfigureAwait(false))
        {
            next.Read(lines.Line);
            if (any)
            {
                Write(shape, Label(isFirst, false, isLast));
                isFirst = false;
                await CommitIfFullAsync(begun).ConfigureAwait(false);
            }

            (held, next, any) = (next, held, true);
        }

        if (any)
        {
            Write(shape, Label(isFirst, true, isLast));
        }

        return shape;
    }

    void Write(TableShape shape, SnapshotLabel label)
    {
        records.Create(run.Output.Filling, new(shape, held.Bytes, point with { Snapshot = label }), held.Cells);
        rows++;
        if (rows % ProgressRows == 0)
        {
            Report();
        }
    }

    void Report() => run.Report(new CdcStatus.Snapshotting(rows));

    SnapshotLabel Label(bool isFirst, bool isLastRow, bool isLastTable) => (isFirst, isLastRow) switch
    {
        (_, true) when isLastTable => SnapshotLabel.Last,
        (true, _) when rows == 0 => SnapshotLabel.First,
        (true, _) => SnapshotLabel.FirstInDataCollection,
        (_, true) => SnapshotLabel.LastInDataCollection,
        _ => SnapshotLabel.True,
    };

    async ValueTask CommitIfFullAsync(CdcOffset begun)
    {
        if (run.Output.Filling.Bytes >= run.Options.CommitBytes)
        {
            await run.Output.StartAsync(begun).ConfigureAwait(false);
        }
    }
}
