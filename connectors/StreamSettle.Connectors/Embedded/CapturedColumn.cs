namespace StreamSettle.Connectors.Embedded;

/// <summary>A column that settlement reads.</summary>
/// <param name="Needed">The table must have it.</param>
internal sealed record CapturedColumn(string Name, ColumnKind Kind, bool Needed);
