using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Kafka.Reading;

/// <summary>Where the records of a partition go that is read.</summary>
internal interface IRecordTarget
{
    /// <summary>Records without a gap between their offsets; the bytes are valid during the call.</summary>
    void Take(TopicPartition partition, long baseOffset, RecordBatch records);

    /// <summary>There is nothing below but what was taken.</summary>
    void Pass(TopicPartition partition, long next);
}
