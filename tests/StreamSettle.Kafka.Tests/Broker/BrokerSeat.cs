using System.Globalization;

namespace StreamSettle.Kafka.Tests.Broker;

/// <summary>One broker's place among those that make a cluster together, each of which is a controller too.</summary>
/// <param name="Node">From 1 on.</param>
/// <param name="ControllerPorts">Of each of them, in order.</param>
public sealed record BrokerSeat(int Node, IReadOnlyList<int> ControllerPorts)
{
    public int ControllerPort => ControllerPorts[Node - 1];

    public string Voters => string.Join(',', ControllerPorts.Select((port, i) => string.Create(CultureInfo.InvariantCulture, $"{i + 1}@127.0.0.1:{port}")));

    /// <summary>Of every partition: each broker has one.</summary>
    public int Replicas => ControllerPorts.Count;

    /// <summary>Brokers that must have a record before it counts: with several, one of them may be away.</summary>
    public int InSync => Math.Max(1, ControllerPorts.Count - 1);
}
