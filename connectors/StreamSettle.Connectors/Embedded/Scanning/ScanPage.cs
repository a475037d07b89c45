using StreamSettle.Connectors.Embedded.Output;

namespace StreamSettle.Connectors.Embedded.Scanning;

/// <summary>Some rows of a shard, ready for the log. The buffers are used again.</summary>
internal sealed class ScanPage(IReadOnlyList<CapturedTable> tables, int partitions)
{
    public CdcBatch Records { get; } = new(tables, partitions);

    /// <summary>Which shard they are of.</summary>
    public int At { get; set; }

    /// <summary>How far it has come with them.</summary>
    public ScanShard Shard { get; set; } = null!;

    /// <summary>How long it took to read them; of a shard's first page with the point, the snapshot and the sort.</summary>
    public TimeSpan Took { get; set; }
}
