using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Kafka.Reading;

/// <summary>Hands what a reader reads to a poll.</summary>
internal sealed class PolledRecords : IRecordTarget
{
    public FetchedRecords? Into { get; set; }

    public void Take(TopicPartition partition, long baseOffset, RecordBatch records) => Into!.Add(partition, baseOffset, records.Count, records.Bytes);

    public void Pass(TopicPartition partition, long next) => Into!.AddProgress(partition, next);
}
