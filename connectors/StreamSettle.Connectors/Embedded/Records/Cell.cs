namespace StreamSettle.Connectors.Embedded.Records;

/// <summary>A column's value: a slice of the bytes that its row was read from.</summary>
internal readonly record struct Cell(CellState State, int Start, int Length)
{
    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> bytes) => bytes.Slice(Start, Length);
}
