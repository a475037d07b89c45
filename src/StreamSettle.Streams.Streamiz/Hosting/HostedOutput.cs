using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Streamiz.Hosting;

/// <summary>What a record on its way through a sink of Streamiz has beside key and value: Streamiz would choose the partition anew, and knows no output without a record in process.</summary>
readonly record struct HostedOutput(TopicPartition Partition, long TimestampMs, byte[] Headers);
