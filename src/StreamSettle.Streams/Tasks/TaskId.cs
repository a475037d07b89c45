namespace StreamSettle.Streams.Tasks;

/// <summary>A task: one partition of one sub-topology. Prints as Kafka Streams does, <c>1_7</c>.</summary>
public readonly record struct TaskId(int SubTopology, int Partition)
{
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{SubTopology}_{Partition}");
}
