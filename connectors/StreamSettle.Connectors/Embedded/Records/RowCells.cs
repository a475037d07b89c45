namespace StreamSettle.Connectors.Embedded.Records;

/// <summary>The cells of one row, in the table's column order. Reused.</summary>
internal sealed class RowCells
{
    readonly List<Cell> cells = [];

    public int Count => cells.Count;

    public Cell this[int column] => column < cells.Count ? cells[column] : default;

    public void Clear() => cells.Clear();

    public void Add(Cell cell) => cells.Add(cell);
}
