using Streamiz.Kafka.Net.Crosscutting;
using Streamiz.Kafka.Net.State;
using Streamiz.Kafka.Net.State.Supplier;

namespace StreamSettle.Streams.Streamiz.Hosting;

/// <summary>Makes Streamiz' view of a store of ours.</summary>
sealed class HostedStoreSupplier(string name, HostedWork? work) : IKeyValueBytesStoreSupplier
{
    public string Name { get; set; } = name;

    public string MetricsScope => "hosted-state";

    public IKeyValueStore<Bytes, byte[]> Get() => new HostedStore(Name, work);
}
