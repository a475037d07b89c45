using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Streamiz.Hosting;

/// <summary>A record that was read, on its way to Streamiz.</summary>
readonly record struct HostedRecord(TopicPartition Partition, long Offset, long TimestampMs, byte[]? Key, byte[]? Value)
{
    /// <summary>Stands for no key while a record is in Streamiz, which drops records without one where there are stores. Known by its reference, so it is not empty: all empty arrays may be one.</summary>
    public static readonly byte[] NoKey = [0];

    /// <summary>As <see cref="Records.Headers"/> encodes them.</summary>
    public byte[] Headers { get; init; } = [];
}
