using Confluent.Kafka;

namespace StreamSettle.Connect.Tests.Worker;

/// <summary>What stands in a topic, each partition in its order.</summary>
static class Records
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static IReadOnlyList<Message<byte[]?, byte[]?>> Of(string bootstrap, string topic)
    {
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerConfig
        {
            BootstrapServers = bootstrap, GroupId = "records", EnableAutoCommit = false, EnablePartitionEof = true, AllowAutoCreateTopics = false,
        }).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(topic, Patience).Topics.Single().Partitions.Select(partition => new TopicPartitionOffset(topic, partition.PartitionId, Offset.Beginning)).ToList();
        consumer.Assign(partitions);
        var (found, ended) = (new List<Message<byte[]?, byte[]?>>(), 0);
        while (ended < partitions.Count)
        {
            var result = consumer.Consume(Patience) ?? throw new TimeoutException($"{topic} is not read to its end");
            if (result.IsPartitionEOF)
            {
                ended++;
            }
            else
            {
                found.Add(result.Message);
            }
        }

        consumer.Close();
        return found;
    }
}
