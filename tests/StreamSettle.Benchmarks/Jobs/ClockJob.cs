using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSettle.Benchmarks.Clock;
using StreamSettle.Benchmarks.Delay;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Embedded;

namespace StreamSettle.Benchmarks.Jobs;

/// <summary>
/// The clock's stores with many orders pending: each record is a versioned upsert by id and in the due windows, each fired order a delete, all of it committed.
/// <c>--pending</c> 1000000, <c>--store</c> rocksdb, <c>--records</c> 1000000.
/// </summary>
sealed class ClockJob : IBenchmarkJob
{
    const int Default = 1_000_000;
    const int RecordsPerCommit = 5_000;
    const int RecordsPerPunctuation = 700;
    const int EmptyPunctuations = 2_000;
    const int ScansOverDeleted = 3;

    public string Name => "clock";

    public string Run(IReadOnlyDictionary<string, string> options)
    {
        var pending = options.Count("pending", Default);
        var records = options.Count("records", Default);
        if (options.GetValueOrDefault("store", "rocksdb") is not "rocksdb")
        {
            throw new UserMistakeException("--store must be rocksdb");
        }

        using var state = new StateRoot(options.GetValueOrDefault("state"));
        var log = EmbeddedLog.Open(
            new EmbeddedLogOptions { Directory = state.Next(), Partitions = 1 }, () => new Guid("6f9619ff-8b86-4d01-b42d-00cf4fc964ff"), NullLogger.Instance);
        try
        {
            using var client = log.OpenClient("clock", "1");
            return Measure(new PendingStore(client), pending, records);
        }
        finally
        {
            log.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    static string Measure(PendingStore store, int pending, int records)
    {
        Feed(store, 0, pending, pending);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var processor = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        Feed(store, pending, records, pending);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var processorUs = (Environment.CpuUsage.TotalTime - processor).TotalMicroseconds / records;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        var last = (long)records;
        store.Fire(last);
        if (store.Fired != records + 1)
        {
            throw new BrokenInvariantException($"{records + 1} orders were due, but {store.Fired} fired");
        }

        store.Commit();
        return new JsonObject
        {
            ["records_per_s"] = Math.Round(records / seconds),
            ["empty_punctuation_us"] = Math.Round(AverageUs(EmptyPunctuations, () => store.Fire(last)), 2),
            ["empty_scan_over_deleted_us"] = Math.Round(AverageUs(ScansOverDeleted, store.WalkAll), 2),
            ["allocated_bytes_per_record"] = Math.Round((double)allocated / records, 1),
            ["processor_us_per_record"] = Math.Round(processorUs, 2),
            ["pending"] = pending,
            ["records"] = records,
        }.ToJsonString();
    }

    /// <summary>Orders come in the order of their ids, every tenth a second time in a newer version; an order is due when <paramref name="pending"/> more have come.</summary>
    static void Feed(PendingStore store, int firstId, int count, int pending)
    {
        for (long id = firstId; id < firstId + count; id++)
        {
            store.Upsert(id, id, id);
            if (id % 10 == 0 && id > RecordsPerCommit)
            {
                store.Upsert(id - RecordsPerCommit, id, id - RecordsPerCommit);
            }

            if (id % RecordsPerPunctuation == 0 && id >= pending)
            {
                store.Fire(id - pending);
            }

            if (id % RecordsPerCommit == 0)
            {
                store.Commit();
            }
        }
    }

    static double AverageUs(int times, Action action)
    {
        action();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < times; i++)
        {
            action();
        }

        return Stopwatch.GetElapsedTime(started).TotalMicroseconds / times;
    }
}
