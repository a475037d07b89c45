namespace StreamSettle.Streams.Streamiz.Clients;

/// <summary>A consumer that reads nothing, for what Streamiz wants to close in the end.</summary>
sealed class IdleConsumer : NoConsumer
{
    public override void Unassign()
    {
    }

    public override void Unsubscribe()
    {
    }

    public override void IncrementalUnassign(IEnumerable<Confluent.Kafka.TopicPartition> partitions)
    {
    }

    public override void Close()
    {
    }

    public override void Dispose()
    {
    }
}
