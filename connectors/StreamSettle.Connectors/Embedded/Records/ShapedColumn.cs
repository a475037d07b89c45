namespace StreamSettle.Connectors.Embedded.Records;

/// <summary>A column ready to be written.</summary>
/// <param name="Start">What stands before its value: <c>{"name":</c> or <c>,"name":</c>.</param>
internal readonly record struct ShapedColumn(byte[] Start, CellKind Kind);
