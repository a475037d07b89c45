using StreamSettle.Streams.Streamiz;
using StreamSettle.Streams.Tests.Testing;
using Xunit;

namespace StreamSettle.Streamiz.Tests;

/// <summary>What <c>topology --host streamiz</c> prints: Streamiz' own words on the graph that it runs.</summary>
public class DescriptionTests
{
    const string Expected = """
        Topologies:
           Sub-topology: 1
            Source: letters-source (topics: [app-letters-repartition])
              --> task-1
            Processor: task-1 (stores: [counts])
              --> counts-sink, other-1
              <-- letters-source
            Sink: counts-sink (topic: counts-out)
              <-- task-1
            Sink: other-1 (extractor class: StreamSettle.Streams.Streamiz.Hosting.HostedRoute)
              <-- task-1
           Sub-topology: 0
            Source: words-source (topics: [words])
              --> task-0
            Processor: task-0 (stores: [])
              --> letters, other-0
              <-- words-source
            Sink: letters (topic: app-letters-repartition)
              <-- task-0
            Sink: other-0 (extractor class: StreamSettle.Streams.Streamiz.Hosting.HostedRoute)
              <-- task-0

        """;

    [Fact]
    public void Each_sub_topology_is_one_transformer_with_its_stores_between_its_sources_and_sinks() => Assert.Equal(Expected, StreamizHost.Describe(CountingTopology.Build()));
}
