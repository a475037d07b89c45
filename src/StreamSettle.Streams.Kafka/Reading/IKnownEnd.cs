namespace StreamSettle.Streams.Kafka.Reading;

/// <summary>Up to where this process knows of records in a partition. Safe from any thread.</summary>
internal interface IKnownEnd
{
    long KnownEnd { get; }
}
