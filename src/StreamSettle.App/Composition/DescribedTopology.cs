using System.Text;
using StreamSettle.Connectors.Debezium;
using StreamSettle.Delivery.Processing;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Rules.Loading;
using StreamSettle.Topology;

namespace StreamSettle.App.Composition;

/// <summary>The service's graph with nothing behind its ports: to be printed, never run.</summary>
static class DescribedTopology
{
    public static Streams.Topologies.Topology Build() => Build("streamsettle", 16, "shop", name => name);

    /// <param name="partitions">Of every topic.</param>
    public static Streams.Topologies.Topology Build(string applicationId, int partitions, string sourcePrefix, Func<string, string> ownTopic) => SettlementTopology.Build(applicationId, partitions, new(), new()
    {
        SourcePrefix = sourcePrefix,
        OwnTopic = ownTopic,
        OrderChanges = () => new OrderChangeSerde(),
        OrderKeys = () => new OrderKeySerde(),
        MerchantChanges = () => new MerchantChangeSerde(),
        PromoterChanges = () => new PromoterChangeSerde(),
        Rules = ((RuleLoad.Loaded)RuleBookLoader.Parse([new("none.json", Encoding.UTF8.GetBytes("""{"version":"none","effectiveFrom":"2020-01-01T00:00:00Z"}"""))])).Book,
        Gate = new(new ClockGuard(TimeProvider.System), TimeProvider.System, TimeSpan.MaxValue),
        Progress = new(partitions),
        Run = "",
        Delivery = (builder, leg, topics) => builder.AddDelivery(leg, () => throw new BrokenInvariantException("this topology is printed, not run"), topics, seed: 0),
        Group = (builder, topic) => builder.AddGroup(_ => throw new BrokenInvariantException("this topology is printed, not run"), topic),
        Audit = new(null!, Guid.Empty, TimeProvider.System, CancellationToken.None),
    });
}
