using StreamSettle.Streamiz.Tests.Driver;
using StreamSettle.Streams.Testing;

// In the namespace of the bench, so that what it calls the driver is this one.
namespace StreamSettle.Topology.Tests.Bench;

/// <summary>The driver of the bench, which is Streamiz' own.</summary>
sealed class TopologyDriver(Streams.Topologies.Topology topology, VirtualTime time, TopologyDriverOptions? options = null, IDrivenLog? log = null) : StreamizDriver(topology, time, options, log);
