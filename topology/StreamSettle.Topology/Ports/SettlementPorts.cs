using StreamSettle.Audit.EventLog;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Holds;
using StreamSettle.Kernel.Ids;
using StreamSettle.Schemas.Merchants;
using StreamSettle.Schemas.Orders;
using StreamSettle.Schemas.Promoters;
using StreamSettle.Schemas.Sources;
using StreamSettle.Settlement.Rules;
using StreamSettle.Streams.Serdes;
using StreamSettle.Streams.Topologies;
using StreamSettle.Topology.Clock;
using StreamSettle.Topology.Formats;
using StreamSettle.Topology.Tallies;

namespace StreamSettle.Topology.Ports;

/// <summary>What the topology needs from outside; the composition plugs adapters.</summary>
public sealed record SettlementPorts
{
    /// <summary>Prefix of the source's topics: <c>shop</c> for <c>shop.public.orders</c>.</summary>
    public required string SourcePrefix { get; init; }

    /// <summary>
    /// The name in the log of a topic of ours that is no repartition topic: where the log is shared with other applications it carries ours. By default the name itself.
    /// </summary>
    public Func<string, string> OwnTopic { get; init; } = name => name;

    /// <summary>Reads the connector's changes of <c>orders</c>; one serde a task.</summary>
    public required Func<IDeserializer<OrderChange>> OrderChanges { get; init; }

    /// <summary>Reads the keys of <c>orders</c>: whose change it was, when the change itself cannot be read.</summary>
    public required Func<IDeserializer<OrderId>> OrderKeys { get; init; }

    public required Func<IDeserializer<MerchantChange>> MerchantChanges { get; init; }

    public required Func<IDeserializer<PromoterChange>> PromoterChanges { get; init; }

    /// <summary>For what a change did not tell of its row; by default there are none to be read.</summary>
    public ISourceRows SourceRows { get; init; } = NoSourceRows.Instance;

    public required RuleBook Rules { get; init; }

    public required FiringGate Gate { get; init; }

    public required ClockProgress Progress { get; init; }

    /// <summary>Names this run of the process, and no other ever, as <c>source-progress</c> does: how young a record of another run is cannot be told.</summary>
    public required string Run { get; init; }

    public required AddDelivery Delivery { get; init; }

    /// <summary>Adds what delivery's instances hear of each other, on the topic of that name.</summary>
    public required Action<TopologyBuilder, string> Group { get; init; }

    /// <summary>Of the one stream thread that runs the audit's tasks.</summary>
    public required AuditSink Audit { get; init; }

    /// <summary>How records go from one of our tasks to another; binary by default.</summary>
    public InternalFormats Formats { get; init; } = InternalFormats.Binary;

    /// <summary>What people keep back, as it is followed here; its own by default.</summary>
    public HoldBook Holds { get; init; } = new();

    /// <summary>Where the tasks count; its own by default, read by nobody.</summary>
    public SettlementTallies Tallies { get; init; } = new();
}

/// <summary>Adds the sub-topology that makes the calls of one leg: it reads commands, and writes what became of them and what waits for a person.</summary>
public delegate void AddDelivery(TopologyBuilder builder, Leg leg, DeliveryTopics topics);
