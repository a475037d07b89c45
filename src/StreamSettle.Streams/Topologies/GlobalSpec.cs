using StreamSettle.Streams.Stores;

namespace StreamSettle.Streams.Topologies;

/// <summary>A global store with the topic that fills it: a sub-topology of its own that makes no tasks.</summary>
sealed record GlobalSpec(int Id, StoreSpec Store, SourceSpec Source, ProcessorSpec Updater, string Topic);
