namespace StreamSettle.App.Configuration;

/// <summary>Who runs the stream threads on a cluster: <c>Kafka:Host</c>.</summary>
enum StreamsHost
{
    /// <summary>The runtime itself.</summary>
    Native,

    /// <summary>Streamiz.Kafka.Net, over the same log.</summary>
    Streamiz,
}
