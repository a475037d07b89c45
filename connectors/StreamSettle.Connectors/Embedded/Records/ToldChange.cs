namespace StreamSettle.Connectors.Embedded.Records;

/// <summary>A change as the server told it: of which table, by which bytes, and where it stands.</summary>
/// <param name="bytes">What the change's rows are slices of.</param>
internal readonly ref struct ToldChange(TableShape shape, ReadOnlySpan<byte> bytes, ChangePoint point)
{
    public TableShape Shape => shape;

    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public ChangePoint Point { get; } = point;
}
