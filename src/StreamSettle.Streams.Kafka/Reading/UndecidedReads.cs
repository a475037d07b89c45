using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace StreamSettle.Streams.Kafka.Reading;

/// <summary>
/// Which threads cannot read on because a transaction is not decided, though every one of ours would have timed out by now. Nobody decides such a one by himself
/// (KAFKA-20734 leaves them behind; <c>docs/kafka.md</c>), so it is told. Thread-safe.
/// </summary>
internal sealed class UndecidedReads(KafkaLogOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>Of transactions' time-outs: the coordinator ends one some time after its own.</summary>
    const int Timeouts = 3;

    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    readonly ConcurrentDictionary<string, string> reasons = new(StringComparer.Ordinal);

    /// <summary>What is not read, and what to do; null when all that is there is read.</summary>
    public string? Reason => reasons.Values.Order(StringComparer.Ordinal).FirstOrDefault();

    /// <summary>Looks at what a thread reads, now and then.</summary>
    /// <param name="lastLook">Of this thread's.</param>
    public void Look(string thread, RecordReader reader, ref long lastLook)
    {
        var now = time.GetTimestamp();
        if (time.GetElapsedTime(lastLook, now) < Interval)
        {
            return;
        }

        lastLook = now;
        if (reader.Undecided(now).FirstOrDefault(partition => time.GetElapsedTime(partition.Since, now) >= Timeouts * options.TransactionTimeout) is not { Partition: { } partition } stuck)
        {
            Forget(thread);
            return;
        }

        var reason = $"a transaction in {partition.Partition} is not decided, so nothing is read there from offset {partition.Next} on, for {time.GetElapsedTime(stuck.Since, now).TotalSeconds:F0} s: "
            + "kafka-transactions.sh find-hanging names it, and docs/kafka.md says what to do";
        if (!reasons.ContainsKey(thread))
        {
            logger.ReadsUndecided(reason);
        }

        reasons[thread] = reason;
    }

    /// <summary>The thread reads on, or reads no more.</summary>
    public void Forget(string thread)
    {
        if (reasons.TryRemove(thread, out var was))
        {
            logger.ReadsOn(was);
        }
    }
}
