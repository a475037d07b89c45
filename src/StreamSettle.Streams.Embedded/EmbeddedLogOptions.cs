using StreamSettle.Streams.RocksDb;

namespace StreamSettle.Streams.Embedded;

/// <summary>Where the embedded log lives and how much it takes.</summary>
public sealed record EmbeddedLogOptions
{
    const int MaxPartitions = 4096;

    /// <summary>The state directory; created where it is missing. It has one owner at a time.</summary>
    public required string Directory { get; init; }

    /// <summary>Partitions of the application's topics; fixed at the first start, because keys are kept by partition. Default 16.</summary>
    public int Partitions { get; init; } = 16;

    /// <summary>Records that one poll takes of one partition. Default 5,000.</summary>
    public int PollRecords { get; init; } = 5_000;

    /// <summary>Bytes that one poll takes of one partition; one record may exceed it. Default 1 MiB.</summary>
    public int PollBytes { get; init; } = 1 << 20;

    /// <summary>Memory and disk bounds of the database.</summary>
    public DatabaseOptions Database { get; init; } = new();

    /// <summary>One message for each rule that is broken; empty when all hold.</summary>
    public IEnumerable<string> Problems(string section)
    {
        if (string.IsNullOrWhiteSpace(Directory))
        {
            yield return $"{section}:Directory must name a directory, but is empty.";
        }

        if (Partitions is < 1 or > MaxPartitions)
        {
            yield return $"{section}:Partitions must be from 1 to {MaxPartitions}, but is {Partitions}.";
        }

        if (PollRecords < 1)
        {
            yield return $"{section}:PollRecords must be at least 1, but is {PollRecords}.";
        }

        if (PollBytes < 1)
        {
            yield return $"{section}:PollBytes must be at least 1, but is {PollBytes}.";
        }

        foreach (var problem in Database.Problems($"{section}:Database"))
        {
            yield return problem;
        }
    }
}
