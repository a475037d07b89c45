using System.Buffers.Binary;
using StreamSettle.App.Composition;
using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Streams.Topologies;
using StreamSettle.Topology.Names;

namespace StreamSettle.App.DeadLetters;

/// <summary>
/// Asks the event log whether an order was ever calculated. Local state forgets after the retention, the event log does not. Its answer counts only when it has all
/// facts of the order's partition that were established before it was asked.
/// </summary>
sealed class EventLogProof(SettlementService service)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public async Task<CalculationProof> AskAsync(OrderId order, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        try
        {
            await HasAllAsync(order, patience.Token);
            foreach (var stored in await service.EventLog.ReadStreamAsync(order, patience.Token))
            {
                if (stored.Event() is SettlementCalculated calculated)
                {
                    return new CalculationProof.Calculated(calculated.RecordedAt);
                }
            }

            return new CalculationProof.Never();
        }
        catch (EnvironmentFailedException away)
        {
            return new CalculationProof.Unknown($"the event log cannot be asked: {away.Message}");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new CalculationProof.Unknown($"the event log has not got all facts within {Patience.TotalSeconds} s");
        }
    }

    async Task HasAllAsync(OrderId order, CancellationToken stop)
    {
        var key = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(key, order.Value);
        var partition = Murmur2.Partition(key, service.Partitions);
        var needed = service.Log.EndOffset(new(service.OwnTopic(Topics.SettlementEvents), partition));
        while (await StoredAsync(partition, stop) < needed)
        {
            await Task.Delay(Pause, service.Time, stop);
        }
    }

    async Task<long> StoredAsync(int partition, CancellationToken stop) =>
        (await service.EventLog.ReadPositionsAsync(service.Log.Identity, stop)).GetValueOrDefault(new SourcePartition(service.OwnTopic(Topics.SettlementEvents), partition));
}
