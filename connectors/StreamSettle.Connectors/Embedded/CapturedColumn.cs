namespace StreamSettle.Connectors.Embedded;

/// <summary>A column that settlement reads.</summary>
/// <param name="Kind"><c>integer</c>, <c>numeric</c>, <c>timestamptz</c>, <c>boolean</c>; null for anything that has a text.</param>
/// <param name="Needed">The table must have it.</param>
internal sealed record CapturedColumn(string Name, string? Kind, bool Needed);
