using StreamSettle.Delivery.Channels;
using StreamSettle.Delivery.Groups;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Ids;
using StreamSettle.Streams.Serdes;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Delivery.Processing;

/// <summary>The sub-topology of one downstream system: commands in, results and dead letters out. The service, tests and benchmarks build it here.</summary>
public static class DeliveryTopology
{
    /// <summary>
    /// What instances of one group tell each other of systems, and what of it each keeps. To be added behind all that is there already: sub-topologies are numbered as
    /// they come.
    /// </summary>
    /// <param name="channels">The channel of a leg; asked for when there is something to tell it.</param>
    public static TopologyBuilder AddGroup(this TopologyBuilder builder, Func<Leg, DownstreamChannel> channels, string topic) =>
        builder.AddGlobalStore<GroupKey, GroupRecord>(
            new(GroupUpdater.Store, Global: true), $"{GroupUpdater.Store}-source", () => new BinarySerde<GroupKey>(), () => new BinarySerde<GroupRecord>(), topic,
            () => new GroupUpdater(channels));

    /// <summary>Source, processor, store and sinks.</summary>
    /// <param name="channel">The way to the system, one for all tasks of the process; asked for when a task is made.</param>
    /// <param name="seed">Of the back-off's jitter; each task draws its own sequence from it.</param>
    /// <param name="serdes">Of commands, results and dead letters; binary by default.</param>
    public static TopologyBuilder AddDelivery(this TopologyBuilder builder, Leg leg, Func<DownstreamChannel> channel, DeliveryTopics topics, int seed, DeliverySerdes? serdes = null)
    {
        serdes ??= DeliverySerdes.Binary;
        var names = new DeliveryNames(leg);
        return builder
            .AddSource(names.Source, () => new BinarySerde<MerchantId>(), () => serdes.Commands(), topics.Commands)
            .AddProcessor(names.Processor, () => new DeliveryProcessor(channel(), names, seed), names.Source)
            .AddStateStore(new(names.Store), names.Processor)
            .AddSink(names.Results, topics.Results, () => new BinarySerde<MerchantId>(), () => serdes.Results(), names.Processor)
            .AddSink(names.Group, topics.Group, () => new BinarySerde<GroupKey>(), () => new BinarySerde<GroupRecord>(), names.Processor)
            .AddSink(names.DeadLetters, topics.DeadLetters, () => new Utf8Serde(), () => serdes.DeadLetters(), names.Processor);
    }
}
