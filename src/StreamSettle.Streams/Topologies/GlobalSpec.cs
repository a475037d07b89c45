using StreamSettle.Streams.Stores;

namespace StreamSettle.Streams.Topologies;

/// <summary>A topic that every instance reads all of: a sub-topology of its own that makes no tasks.</summary>
/// <param name="Store">The global store that it fills; null where its processor keeps nothing.</param>
sealed record GlobalSpec(int Id, StoreSpec? Store, SourceSpec Source, ProcessorSpec Processor, string Topic);
