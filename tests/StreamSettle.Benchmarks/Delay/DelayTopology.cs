using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Benchmarks.Delay;

/// <summary>The graph of the peer's delay job (peers/kafka-streams): changes, 24 hours of delay by order, repartition by merchant, split, settlements.</summary>
static class DelayTopology
{
    public static readonly StoreSpec OpenOrders = new("open-orders");
    public static readonly StoreSpec Totals = new("totals");

    public static Streams.Topologies.Topology Build(int partitions, DelayNames? names = null) => Build(partitions, names ?? DelayNames.Default, new TopologyBuilder());

    static Streams.Topologies.Topology Build(int partitions, DelayNames names, TopologyBuilder builder) => builder
        .AddSource("changes-source", () => new BytesSerde(), () => new BytesSerde(), names.Changes)
        .AddProcessor("clock", () => new DelayClock(), "changes-source")
        .AddStateStore(OpenOrders, "clock")
        .AddRepartition("due", () => new BytesSerde(), () => new BytesSerde(), "clock")
        .AddProcessor("settle", () => new DelaySettle(), "due-source")
        .AddStateStore(Totals, "settle")
        .AddSink("settlements-sink", names.Settlements, () => new BytesSerde(), () => new BytesSerde(), "settle")
        .Build(names.Application, partitions);
}
