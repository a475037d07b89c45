using Confluent.Kafka;

namespace StreamSettle.Streams.Kafka.Reading;

/// <summary>
/// Hears that a topic is not there any more, which the client tells apart from its records: without that a reader would wait for ever for what nobody has. Heard inside
/// of a read, asked for by the same thread.
/// </summary>
internal sealed class MissingTopic
{
    /// <summary>What the client said; null while all topics are there.</summary>
    public string? Reason { get; private set; }

    public void Hear(Error error)
    {
        if (error.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition)
        {
            Reason = error.Reason;
        }
    }
}
