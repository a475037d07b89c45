using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSettle.Streams.Embedded;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Tests.Embedded;

/// <summary>Short forms for tests of the embedded log.</summary>
internal static class LogHarness
{
    public static readonly Guid FirstIdentity = new("11111111-2222-4333-8444-555555555555");

    public static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    public static EmbeddedLog Open(string directory, int partitions = 4, int pollRecords = 5_000, int pollBytes = 1 << 20) => EmbeddedLog.Open(
        new EmbeddedLogOptions { Directory = directory, Partitions = partitions, PollRecords = pollRecords, PollBytes = pollBytes },
        () => FirstIdentity, NullLogger.Instance);

    public static void Close(this EmbeddedLog log) => log.DisposeAsync().AsTask().GetAwaiter().GetResult();

    public static RecordBatch Batch(params IEnumerable<string> values)
    {
        var batch = new RecordBatch();
        foreach (var value in values)
        {
            batch.Add(1, true, default, false, Encoding.UTF8.GetBytes(value), default);
        }

        return batch;
    }

    public static void Append(this ILogClient client, TopicPartition partition, params IEnumerable<string> values)
    {
        var commit = new LogCommit();
        commit.Outputs.Add((partition, Batch(values)));
        client.Commit(commit);
    }

    public static void CommitPosition(this ILogClient client, TopicPartition partition, long next)
    {
        var commit = new LogCommit();
        commit.Positions.Add((partition, next));
        client.Commit(commit);
    }

    /// <summary>Everything of one poll, in the order it came.</summary>
    public static List<(TopicPartition Partition, long Offset, string Value)> Poll(this ILogClient client, TimeSpan timeout = default)
    {
        var fetched = new FetchedRecords();
        client.Poll(fetched, timeout);
        return Records(fetched);
    }

    public static List<(TopicPartition Partition, long Offset, string Value)> Records(FetchedRecords fetched)
    {
        var records = new List<(TopicPartition, long, string)>();
        foreach (var batch in fetched.Batches)
        {
            var rest = fetched.BytesOf(batch);
            for (var i = 0; i < batch.Count; i++)
            {
                if (!RecordBatch.TryReadNext(ref rest, out var record))
                {
                    throw new InvalidOperationException($"batch at {batch.BaseOffset} ends after {i} of {batch.Count} records");
                }

                records.Add((batch.Partition, batch.BaseOffset + i, Encoding.UTF8.GetString(record.Value)));
            }

            if (!rest.IsEmpty)
            {
                throw new InvalidOperationException($"batch at {batch.BaseOffset} has more than {batch.Count} records");
            }
        }

        return records;
    }

    /// <summary>The values of a partition from <paramref name="offset"/> to its end, read outside of any group.</summary>
    public static List<string> ReadAll(this EmbeddedLog log, TopicPartition partition, long offset = 0)
    {
        using var client = log.OpenClient("reader", "reader");
        client.Assign([(partition, offset)]);
        var values = new List<string>();
        for (var more = client.Poll(); more.Count > 0; more = client.Poll())
        {
            values.AddRange(more.Select(record => record.Value));
        }

        return values;
    }

    public static string? Get(this EmbeddedLog log, string store, int partition, string key) =>
        log.OpenCommittedView(new StoreSpec(store), partition).TryGet(Encoding.UTF8.GetBytes(key), out var value) ? Encoding.UTF8.GetString(value) : null;

    public static void Put(this LogCommit commit, string store, int partition, string key, string? value) =>
        commit.Stores.Add((new StoreSpec(store), new TaskId(0, partition), new OneChange(key, value)));

    /// <summary>Deletes from <paramref name="from"/> to below <paramref name="to"/>; an empty end is no bound.</summary>
    public static void DeleteRange(this LogCommit commit, string store, int partition, string from, string to) =>
        commit.Stores.Add((new StoreSpec(store), new TaskId(0, partition), new OneRange(from, to)));

    sealed class OneRange(string from, string to) : IStoreChanges
    {
        public int Count => 1;

        public void VisitRanges(StoreRangeVisitor visit) => visit(Encoding.UTF8.GetBytes(from), Encoding.UTF8.GetBytes(to));

        public void Visit(StoreChangeVisitor visit)
        {
            // Only a range is deleted.
        }
    }

    sealed class OneChange(string key, string? value) : IStoreChanges
    {
        public int Count => 1;

        public void VisitRanges(StoreRangeVisitor visit)
        {
            // One key is changed.
        }

        public void Visit(StoreChangeVisitor visit) => visit(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value ?? ""), value is null);
    }
}
