using StreamSettle.Delivery.Channels;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Kernel.Ids;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Delivery.Processing;

/// <summary>The sub-topology of one downstream system: commands in, results and dead letters out.</summary>
public static class DeliveryTopology
{
    /// <summary>The processor of one task. <paramref name="channel"/> is shared by all of them.</summary>
    /// <param name="seed">Of the back-off's jitter; each task draws its own sequence from it.</param>
    public static IProcessor<MerchantId, DeliveryCommand> Processor(DownstreamChannel channel, DeliveryNames names, int seed) =>
        new DeliveryProcessor(channel, names, seed);

    /// <summary>Source, processor, store and sinks, under the names of <see cref="DeliveryNames.Of"/>. All three topics are keyed and partitioned by merchant but the dead letters'.</summary>
    public static TopologyBuilder AddDelivery(
        this TopologyBuilder builder, DownstreamChannel channel, string commandsTopic, string resultsTopic, string deadLettersTopic, int seed)
    {
        var names = DeliveryNames.Of(channel.Leg);
        return builder
            .AddSource<MerchantId, DeliveryCommand>(names.Source, () => new MerchantIdSerde(), () => new DeliveryCommandSerde(), commandsTopic)
            .AddProcessor(names.Processor, () => Processor(channel, names, seed), names.Source)
            .AddStateStore(new StoreSpec(names.Store), names.Processor)
            .AddSink<MerchantId, DeliveryResult>(names.Results, resultsTopic, () => new MerchantIdSerde(), () => new DeliveryResultSerde(), names.Processor)
            .AddSink<string, DeadLetter>(names.DeadLetters, deadLettersTopic, () => new DeadLetterIdSerde(), () => new DeadLetterSerde(), names.Processor);
    }
}
