using System.Buffers.Text;
using System.Collections;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Log;

namespace StreamSettle.Benchmarks.Delay;

/// <summary>The outside consumer: reads settlements as they are committed and marks the order ids.</summary>
sealed class SettlementCounter(ILogClient client, string topic, int orders)
{
    static readonly TimeSpan PollWait = TimeSpan.FromMilliseconds(200);

    readonly BitArray seen = new(orders);
    readonly FetchedRecords fetched = new();

    public int Count { get; private set; }

    public int Distinct { get; private set; }

    /// <summary>Reads until there were as many as orders, or nothing came for as long as <paramref name="patience"/>.</summary>
    public void ReadAll(int partitions, TimeSpan patience, Action<RawRecord>? look = null)
    {
        client.Assign([.. Enumerable.Range(0, partitions).Select(partition => (new TopicPartition(topic, partition), 0L))]);
        for (var waits = patience / PollWait; Count < orders && waits > 0; waits--)
        {
            client.Poll(fetched, PollWait);
            foreach (var batch in fetched.Batches)
            {
                waits = patience / PollWait;
                Mark(fetched.BytesOf(batch), look);
            }
        }
    }

    void Mark(ReadOnlySpan<byte> rest, Action<RawRecord>? look)
    {
        while (RecordBatch.TryReadNext(ref rest, out var record))
        {
            Count++;
            if (!Utf8Parser.TryParse(record.Key, out int id, out _) || id >= orders)
            {
                throw new BrokenInvariantException("a settlement's key is no id of an order of the input");
            }

            Distinct += seen[id] ? 0 : 1;
            seen[id] = true;
            look?.Invoke(record);
        }
    }
}
