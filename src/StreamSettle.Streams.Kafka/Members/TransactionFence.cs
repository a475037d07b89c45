using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace StreamSettle.Streams.Kafka.Members;

/// <summary>
/// Ends what dead instances left open, at once instead of by the transaction's time-out: whoever is given a partition that another still claims makes a producer of
/// its transactional id, and the broker puts that one out and aborts for it. To one that sleeps it says the same that its group would say. Thread-safe.
/// </summary>
internal sealed class TransactionFence(MemberTable table, OwnMember self, ClientSettings settings, ILogger logger)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>By transactional id, the claim that was answered.</summary>
    readonly ConcurrentDictionary<string, long> ended = new(StringComparer.Ordinal);

    /// <summary>Begins to end the transactions of all others that claim these partitions; returns at once.</summary>
    public void EndClaimsOf(string group, IReadOnlySet<int> partitions)
    {
        foreach (var (transactionalId, since) in table.ClaimsOf(group, partitions))
        {
            if (!self.Uses(transactionalId) && ended.GetValueOrDefault(transactionalId, -1) < since)
            {
                ended[transactionalId] = since;
                _ = Task.Run(() => End(transactionalId));
            }
        }
    }

    void End(string transactionalId)
    {
        try
        {
            using var producer = settings.FencingProducer(transactionalId);
            producer.InitTransactions(Patience);
            logger.TransactionEnded(transactionalId);
        }
        catch (KafkaException failed)
        {
            // Its time-out ends it later; the next round tries again until then.
            ended.TryRemove(transactionalId, out _);
            logger.ClientSays(transactionalId, failed.Error.Reason);
        }
    }
}
