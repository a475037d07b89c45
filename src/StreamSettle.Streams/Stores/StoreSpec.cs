namespace StreamSettle.Streams.Stores;

/// <summary>A store as the topology declares it.</summary>
/// <param name="Name">Unique in the topology; the changelog on Kafka is <c>&lt;app&gt;-&lt;name&gt;-changelog</c>.</param>
/// <param name="Global">Every instance has all of it, as partition 0.</param>
public sealed record StoreSpec(string Name, bool Global = false);

/// <summary>The committed content of one task's store.</summary>
public interface IStoreBase : IReadOnlyKeyValueStore, IDisposable
{
}
