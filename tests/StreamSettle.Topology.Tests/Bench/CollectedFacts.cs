using StreamSettle.Audit.EventLog;
using StreamSettle.Topology.Auditing;

namespace StreamSettle.Topology.Tests.Bench;

/// <summary>The event log of the bench: facts in the order of their topic, each position once, as the real sink does.</summary>
sealed class CollectedFacts : IAuditSink
{
    readonly HashSet<(int Partition, long Offset)> seen = [];
    readonly Dictionary<long, List<SettlementEvent>> streams = [];
    readonly HashSet<Guid> ids = [];

    public void Add(string topic, int partition, long offset, ReadOnlySpan<byte> record)
    {
        if (!seen.Add((partition, offset)))
        {
            return;
        }

        var happened = EventCodec.Read(record);
        if (!ids.Add(happened.Id))
        {
            throw new InvalidOperationException($"order {happened.OrderId}: a second {happened.Kind} has the cause of the first, the log would drop it: {happened.Event()}");
        }

        if (!streams.TryGetValue(happened.OrderId.Value, out var stream))
        {
            streams[happened.OrderId.Value] = stream = [];
        }

        stream.Add(happened.Event());
    }

    public void Flush()
    {
    }

    public IReadOnlyList<SettlementEvent> Of(long order) => streams.GetValueOrDefault(order) ?? [];

    public IEnumerable<long> Orders => streams.Keys.Order();
}
