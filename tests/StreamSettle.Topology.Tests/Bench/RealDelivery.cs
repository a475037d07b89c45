using StreamSettle.Delivery.Channels;
using StreamSettle.Delivery.Options;
using StreamSettle.Delivery.Processing;
using StreamSettle.Delivery.Tests.Processing;
using StreamSettle.Streams.Topologies;
using StreamSettle.Topology.Formats;

namespace StreamSettle.Topology.Tests.Bench;

/// <summary>Delivery as the service has it, for one process: a channel a leg, all to one system, which outlives it.</summary>
sealed class RealDelivery(ScriptedSystem system, DownstreamOptions options, TimeProvider time, HoldBook holds, InternalFormats formats)
{
    /// <summary>By default.</summary>
    public static DownstreamOptions Options { get; } = new()
    {
        BaseUrl = "http://systems", RetryBase = TimeSpan.FromSeconds(1), RetryMax = TimeSpan.FromSeconds(10), MaxAttempts = 3,
    };

    /// <summary>Which machine, and which boot of it, all processes are on.</summary>
    static readonly Guid Boot = new("00000000-0000-0000-0000-000000000001");

    public void AddTo(TopologyBuilder builder, Leg leg, DeliveryTopics topics)
    {
        var channel = new DownstreamChannel(leg, options, system, time, Boot).GoBy(holds);
        builder.AddDelivery(leg, () => channel, topics, seed: 1, new(formats.Commands, formats.Results, formats.DeadLetters));
    }
}
