namespace StreamSettle.Streams.Records;

/// <summary>Where a record stands in the log. <paramref name="Topic"/> is null outside of a record (punctuation, mailbox).</summary>
public readonly record struct RecordMetadata(string? Topic, int Partition, long Offset);
