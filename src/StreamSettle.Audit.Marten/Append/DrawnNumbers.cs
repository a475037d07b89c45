namespace StreamSettle.Audit.Marten.Append;

/// <summary>The sequence numbers of an append's events, and the database's clock when they were drawn.</summary>
internal readonly record struct DrawnNumbers(DateTime StoredAt, long[] Sequence);
