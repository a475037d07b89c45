using StreamSettle.Kernel.Failures;

namespace StreamSettle.Streams.Kafka.Native;

/// <summary>One client's <c>rd_kafka_topic_t</c> by topic, each made when it is first asked for, by which the client asks for the topic's leader at once. For one thread; disposed before the client.</summary>
internal sealed class TopicHandles(nint client) : IDisposable
{
    readonly Dictionary<string, nint> handles = new(StringComparer.Ordinal);

    /// <exception cref="BrokenInvariantException">The client takes the text for no topic's name.</exception>
    public nint Of(string topic)
    {
        if (!handles.TryGetValue(topic, out var handle))
        {
            handle = RecordCalls.rd_kafka_topic_new(client, topic, 0);
            if (handle == 0)
            {
                throw new BrokenInvariantException($"the client takes '{topic}' for no topic's name");
            }

            handles.Add(topic, handle);
        }

        return handle;
    }

    public void Dispose()
    {
        foreach (var handle in handles.Values)
        {
            RecordCalls.rd_kafka_topic_destroy(handle);
        }

        handles.Clear();
    }
}
