using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Kafka.Reading;

/// <summary>Notes whether there is a record below an offset.</summary>
internal sealed class AnyRecord(long end) : IRecordTarget
{
    public bool Found { get; private set; }

    public void Take(TopicPartition partition, long baseOffset, RecordBatch records) => Found |= baseOffset < end;

    public void Pass(TopicPartition partition, long next)
    {
    }
}
