namespace StreamSettle.Audit.Marten.Append;

/// <summary>A stream at a version.</summary>
/// <param name="Ids">Of all its events up to there.</param>
internal sealed record RecentStream(long Version, Guid[] Ids);
