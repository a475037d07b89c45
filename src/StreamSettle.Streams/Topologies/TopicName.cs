namespace StreamSettle.Streams.Topologies;

/// <summary>A topic as declared; internal ones get their full name from the application id, as Kafka Streams names them.</summary>
readonly record struct TopicName(string Name, bool IsRepartition)
{
    public string Resolve(string applicationId) => IsRepartition ? $"{applicationId}-{Name}-repartition" : Name;
}
