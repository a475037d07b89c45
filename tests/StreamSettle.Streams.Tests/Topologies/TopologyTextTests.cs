using StreamSettle.Streams.Tests.Testing;
using Xunit;

namespace StreamSettle.Streams.Tests.Topologies;

public class TopologyTextTests
{
    // The format of Kafka Streams 4.x, InternalTopologyBuilder.TopologyDescription.
    const string Expected = """
        Topologies:
           Sub-topology: 0
            Source: words-source (topics: [words])
              --> by-letter
            Processor: by-letter (stores: [])
              --> letters
              <-- words-source
            Sink: letters (topic: app-letters-repartition)
              <-- by-letter

          Sub-topology: 1
            Source: letters-source (topics: [app-letters-repartition])
              --> count
            Processor: count (stores: [counts])
              --> counts-sink
              <-- letters-source
            Sink: counts-sink (topic: counts-out)
              <-- count

          Sub-topology: 2 for global store (will not generate tasks)
            Source: rules-source (topics: [rules-topic])
              --> rules
            Processor: rules (stores: [rules])
              --> none
              <-- rules-source

        """;

    [Fact]
    public void Describe_prints_what_Kafka_Streams_prints() =>
        Assert.Equal(Expected, CountingTopology.Build(more: builder => builder.AddGlobalStore("rules", "rules-source", "rules-topic")).Describe());

    [Fact]
    public void Mermaid_draws_topics_nodes_and_stores()
    {
        var mermaid = CountingTopology.Build().ToMermaid();

        Assert.StartsWith("flowchart TB\n", mermaid, StringComparison.Ordinal);
        Assert.Contains("  subgraph sub1[\"Sub-topology 1\"]\n", mermaid, StringComparison.Ordinal);
        Assert.Contains("    store_counts[(\"counts\")]\n", mermaid, StringComparison.Ordinal);
        Assert.Contains("  node_letters --> topic_app_hletters_hrepartition\n", mermaid, StringComparison.Ordinal);
        Assert.Contains("  topic_app_hletters_hrepartition --> node_letters_hsource\n", mermaid, StringComparison.Ordinal);
    }
}
