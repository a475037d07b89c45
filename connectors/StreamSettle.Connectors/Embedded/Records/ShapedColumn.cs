namespace StreamSettle.Connectors.Embedded.Records;

/// <summary>A column ready to be written.</summary>
/// <param name="Name">What stands before its value: <c>"name":</c>.</param>
/// <param name="IsMapped">Settlement reads it.</param>
internal readonly record struct ShapedColumn(byte[] Name, CellKind Kind, bool IsMapped);
