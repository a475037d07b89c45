using StreamSettle.Connectors.Debezium;
using StreamSettle.Topology.Clock;
using StreamSettle.Topology.Ports;

namespace StreamSettle.Topology.Tests.Bench;

static class BenchPorts
{
    /// <summary>Ports for a topology that delivers nothing and tells nobody.</summary>
    public static SettlementPorts Of(FiringGate gate) => new()
    {
        SourcePrefix = TestBench.Prefix,
        OrderChanges = () => new OrderChangeSerde(),
        OrderKeys = () => new OrderKeySerde(),
        MerchantChanges = () => new MerchantChangeSerde(),
        PromoterChanges = () => new PromoterChangeSerde(),
        Rules = TestRules.Book,
        Gate = gate,
        Progress = new(1),
        Run = "bench",
        Delivery = (_, _, _) => { },
        Group = (_, _) => { },
        Audit = new CollectedFacts(TimeProvider.System).Sink(),
    };
}
