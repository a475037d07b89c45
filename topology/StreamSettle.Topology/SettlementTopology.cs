using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Kernel.Holds;
using StreamSettle.Kernel.Ids;
using StreamSettle.Schemas.Merchants;
using StreamSettle.Schemas.Promoters;
using StreamSettle.Schemas.Sources;
using StreamSettle.Streams.Serdes;
using StreamSettle.Streams.Topologies;
using StreamSettle.Topology.Auditing;
using StreamSettle.Topology.Clock;
using StreamSettle.Topology.DeadLetters;
using StreamSettle.Topology.Holds;
using StreamSettle.Topology.Merchants;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Ports;
using StreamSettle.Topology.Promoters;
using StreamSettle.Topology.Serdes;
using StreamSettle.Topology.Settle;

namespace StreamSettle.Topology;

/// <summary>The road of an order as a graph: clock, repartition by merchant, settle, deliver, audit. The same under the driver, embedded and on Kafka.</summary>
public static class SettlementTopology
{
    /// <summary>The legs that are calls, in the order in which they may go.</summary>
    public static IReadOnlyList<Leg> Calls { get; } = [Leg.Verification, Leg.Split, Leg.Commission, Leg.Tax];

    /// <summary>Node of the audit's processor: the thread group that may wait for a database is told by it.</summary>
    public const string AuditNode = "audit";

    /// <summary>Node of the clock's processor.</summary>
    public const string ClockNode = ClockNodes.Clock;

    /// <param name="applicationId">Prefix of internal topics, and the consumer group.</param>
    /// <param name="partitions">Of every topic; fixed at the first start.</param>
    public static Streams.Topologies.Topology Build(string applicationId, int partitions, SettlementSettings settings, SettlementPorts ports)
    {
        var builder = new TopologyBuilder();
        AddGlobals(builder, partitions, ports);
        AddClock(builder, applicationId, settings, ports);
        AddSettle(builder, applicationId, partitions, settings, ports);
        foreach (var leg in Calls)
        {
            ports.Delivery(builder, leg, new(
                Topics.Repartition(applicationId, Topics.Commands(leg)), Topics.Repartition(applicationId, Topics.DeliveryResults), ports.OwnTopic(Topics.DeadLetters),
                ports.OwnTopic(Topics.DownstreamBudgets)));
        }

        AddAudit(builder, ports);
        ports.Group(builder, ports.OwnTopic(Topics.DownstreamBudgets));
        AddHolds(builder, ports);
        var prefix = ports.SourcePrefix;
        builder.PurgeConsumed(
            Topics.Orders(prefix), Topics.Merchants(prefix), Topics.Promoters(prefix), ports.OwnTopic(Topics.OperatorCommands), ports.OwnTopic(Topics.SourceProgress), ports.OwnTopic(Topics.ClockProgress),
            ports.OwnTopic(Topics.DeadLetters), ports.OwnTopic(Topics.Holds));
        return builder.Build(applicationId, partitions);
    }

    static void AddGlobals(TopologyBuilder builder, int partitions, SettlementPorts ports) => builder
        .AddGlobalStore<ReadOnlySpan<byte>, MerchantChange>(
            new(StoreNames.Merchants, Global: true), "merchant-changes", () => new BytesSerde(), ports.MerchantChanges,
            Topics.Merchants(ports.SourcePrefix), () => new MerchantUpdater(partitions, ports.SourceRows))
        .AddGlobalStore<ReadOnlySpan<byte>, PromoterChange>(
            new(StoreNames.Promoters, Global: true), "promoter-changes", () => new BytesSerde(), ports.PromoterChanges,
            Topics.Promoters(ports.SourcePrefix), () => new PromoterUpdater(partitions))
        .AddGlobalStore<int, ClockReport>(
            new(StoreNames.ClockProgress, Global: true), "clock-reports-source", () => new PartitionSerde(), () => new ClockReportSerde(),
            ports.OwnTopic(Topics.ClockProgress), () => new ProgressUpdater(ports.Progress, ports.Gate))
        .AddGlobalProcessor<ReadOnlySpan<byte>, SourceProgress>(
            "firing-gate", "source-progress-source", () => new BytesSerde(), () => new SourceProgressDeserializer(),
            ports.OwnTopic(Topics.SourceProgress), () => new SourceFollower(ports.Gate, ports.Run))
        .AddGlobalStore<ReadOnlySpan<byte>, ReadOnlySpan<byte>>(
            new(StoreNames.DeadLetters, Global: true), "dead-letters-source", () => new BytesSerde(), ports.Formats.DeadLetterBytes,
            ports.OwnTopic(Topics.DeadLetters), () => new DeadLetterUpdater(ports.Tallies.DeadLetters));

    /// <summary>Behind all that was there before: sub-topologies are numbered as they come, and stores are named by the numbers.</summary>
    static void AddHolds(TopologyBuilder builder, SettlementPorts ports) => builder
        .AddGlobalStore<ReadOnlySpan<byte>, Hold>(
            new(StoreNames.Holds, Global: true), "holds-source", () => new BytesSerde(), ports.Formats.Holds, ports.OwnTopic(Topics.Holds), () => new HoldUpdater(ports.Holds));

    static void AddClock(TopologyBuilder builder, string applicationId, SettlementSettings settings, SettlementPorts ports)
    {
        var orders = Topics.Orders(ports.SourcePrefix);
        builder
            .AddSource<ReadOnlySpan<byte>, ClockInput>(
                ClockNodes.Source, () => new ClockKeyDeserializer(ports.OrderKeys()), () => new ClockChangeDeserializer(ports.OrderChanges()), orders)
            .AddSource<ReadOnlySpan<byte>, ClockInput>(
                ClockNodes.OperatorSource, () => new BytesSerde(), () => new ClockRequestDeserializer(ports.Formats.OperatorRequests()), ports.OwnTopic(Topics.OperatorCommands))
            .AddSource<ReadOnlySpan<byte>, ClockInput>(
                ClockNodes.FinishedSource, () => new BytesSerde(), () => new ClockFinishedDeserializer(), Topics.Repartition(applicationId, Topics.FinishedOrders))
            .AddProcessor<ReadOnlySpan<byte>, ClockInput>(
                ClockNodes.Clock, () => new ClockProcessor(ports, settings), ClockNodes.Source, ClockNodes.OperatorSource, ClockNodes.FinishedSource)
            .AddStateStore(new(StoreNames.OpenOrders), ClockNodes.Clock)
            .AddStateStore(new(StoreNames.OpenOrdersByDue), ClockNodes.Clock)
            .AddStateStore(new(StoreNames.ClockTallies), ClockNodes.Clock)
            .AddSink<MerchantId, OrderMessage>(
                Topics.DueOrders, Topics.Repartition(applicationId, Topics.DueOrders), () => new BinarySerde<MerchantId>(), ports.Formats.DueOrders, ClockNodes.Clock)
            .AddSink<OrderId, OrderEvent>(ClockNodes.Events, ports.OwnTopic(Topics.SettlementEvents), () => new BinarySerde<OrderId>(), ports.Formats.Facts, ClockNodes.Clock)
            .AddSink<string, DeadLetter>(ClockNodes.DeadLetters, ports.OwnTopic(Topics.DeadLetters), () => new Utf8Serde(), ports.Formats.DeadLetters, ClockNodes.Clock)
            .AddSink<int, ClockReport>(ClockNodes.Progress, ports.OwnTopic(Topics.ClockProgress), () => new PartitionSerde(), () => new ClockReportSerde(), ClockNodes.Clock);
    }

    static void AddSettle(TopologyBuilder builder, string applicationId, int partitions, SettlementSettings settings, SettlementPorts ports)
    {
        var due = Topics.Repartition(applicationId, Topics.DueOrders);
        builder
            .AddSource<ReadOnlySpan<byte>, SettleInput>(Topics.DueOrders + "-source", () => new BytesSerde(), () => new SettleMessageDeserializer(ports.Formats.DueOrders()), due)
            .AddSource<ReadOnlySpan<byte>, SettleInput>(
                Topics.DeliveryResults + "-source", () => new BytesSerde(), () => new SettleResultDeserializer(ports.Formats.Results()), Topics.Repartition(applicationId, Topics.DeliveryResults))
            .AddProcessor<ReadOnlySpan<byte>, SettleInput>(
                SettleNodes.Settle, () => new SettleProcessor(ports, settings, due),
                Topics.DueOrders + "-source", Topics.DeliveryResults + "-source")
            .AddStateStore(new(StoreNames.Settlements), SettleNodes.Settle)
            .AddStateStore(new(StoreNames.Divisions), SettleNodes.Settle)
            .AddStateStore(new(StoreNames.SettlementsByDue), SettleNodes.Settle)
            .AddStateStore(new(StoreNames.WaitingRefunds), SettleNodes.Settle)
            .AddStateStore(new(StoreNames.HeldOrders), SettleNodes.Settle)
            .AddStateStore(new(StoreNames.WaitingPayouts), SettleNodes.Settle)
            .AddStateStore(new(StoreNames.SettleTallies), SettleNodes.Settle)
            .AddSink<OrderId, OrderEvent>(SettleNodes.Events, ports.OwnTopic(Topics.SettlementEvents), () => new BinarySerde<OrderId>(), ports.Formats.Facts, SettleNodes.Settle)
            .AddSink<string, DeadLetter>(SettleNodes.DeadLetters, ports.OwnTopic(Topics.DeadLetters), () => new Utf8Serde(), ports.Formats.DeadLetters, SettleNodes.Settle)
            .AddSink<int, ClockReport>(SettleNodes.ProgressRequests, ports.OwnTopic(Topics.ClockProgress), () => new PartitionSerde(), () => new ClockReportSerde(), SettleNodes.Settle)
            .AddSink<int, FinishedOrder>(
                SettleNodes.Finished, Topics.Repartition(applicationId, Topics.FinishedOrders), () => new RouteSerde(partitions), () => new BinarySerde<FinishedOrder>(),
                SettleNodes.Settle);
        foreach (var leg in Calls)
        {
            builder.AddSink<MerchantId, DeliveryCommand>(
                Topics.Commands(leg), Topics.Repartition(applicationId, Topics.Commands(leg)), () => new BinarySerde<MerchantId>(), ports.Formats.Commands,
                SettleNodes.Settle);
        }
    }

    static void AddAudit(TopologyBuilder builder, SettlementPorts ports) => builder
        .AddSource<ReadOnlySpan<byte>, ReadOnlySpan<byte>>("settlement-events-source", () => new BytesSerde(), ports.Formats.FactBytes, ports.OwnTopic(Topics.SettlementEvents))
        .AddProcessor<ReadOnlySpan<byte>, ReadOnlySpan<byte>>(AuditNode, () => new AuditProcessor(ports.Audit), "settlement-events-source");
}
