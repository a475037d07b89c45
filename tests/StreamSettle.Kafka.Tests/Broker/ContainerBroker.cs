using DotNet.Testcontainers.Builders;
using Testcontainers.Kafka;

namespace StreamSettle.Kafka.Tests.Broker;

/// <summary>A broker in a container, where there is an engine and no download: for tests that want a broker and none of its programs.</summary>
static class ContainerBroker
{
    /// <summary>As docker-compose.yml has it.</summary>
    const string Image = "apache/kafka:4.3.1";

    /// <returns>It, or why there is none.</returns>
    public static async Task<(KafkaContainer? Container, string? Missing)> StartAsync()
    {
        try
        {
            var builder = new KafkaBuilder(Image);
            foreach (var (name, value) in BrokerSettings.Short)
            {
                builder = builder.WithEnvironment(BrokerSettings.Variable(name), value);
            }

            var container = builder.Build();
            await container.StartAsync();
            return (container, null);
        }
        catch (DockerUnavailableException none)
        {
            return (null, none.Message.ReplaceLineEndings(" "));
        }
    }
}
