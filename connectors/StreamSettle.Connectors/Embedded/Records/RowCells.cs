namespace StreamSettle.Connectors.Embedded.Records;

/// <summary>What stands in a cell.</summary>
internal enum CellState : byte
{
    Null,
    Value,

    /// <summary>A large value that the update did not touch, so that the server does not repeat it.</summary>
    Unchanged,
}

/// <summary>A column's value: a slice of the bytes that its row was read from.</summary>
internal readonly record struct Cell(CellState State, int Start, int Length)
{
    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> bytes) => bytes.Slice(Start, Length);
}

/// <summary>The cells of one row, in the table's column order. Reused.</summary>
internal sealed class RowCells
{
    readonly List<Cell> cells = [];

    public int Count => cells.Count;

    public Cell this[int column] => column < cells.Count ? cells[column] : default;

    public void Clear() => cells.Clear();

    public void Add(Cell cell) => cells.Add(cell);
}
