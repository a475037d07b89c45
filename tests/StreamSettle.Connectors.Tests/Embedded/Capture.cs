using System.Text;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Connectors.Embedded.Offsets;
using StreamSettle.Connectors.Embedded.Snapshots;
using StreamSettle.Schemas.Sources;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Connectors.Tests.Embedded;

/// <summary>An embedded source that runs on a log in memory until it is disposed.</summary>
internal sealed class Capture : IAsyncDisposable
{
    /// <summary>Generous: the machine may be busy with other tests.</summary>
    static readonly TimeSpan Bound = TimeSpan.FromSeconds(180);
    static int starts;

    readonly CancellationTokenSource stop = new();
    readonly EmbeddedCdcOptions options;
    readonly string run;
    readonly List<CdcStatus> statuses = [];

    Capture(SourceDatabase database, MemoryLog log, Func<EmbeddedCdcOptions, EmbeddedCdcOptions>? change, Func<SnapshotReader, CancellationToken, Task>? gate)
    {
        options = Options(database, change);
        Log = log;
        run = $"t{Interlocked.Increment(ref starts)}";
        Source = new(options, log, ReadMetadata, run, TimeProvider.System, gate);
        Source.StatusChanged += status => { lock (statuses) { statuses.Add(status); } };
        Running = Source.RunAsync(stop.Token);
    }

    public MemoryLog Log { get; }

    public EmbeddedCdcSource Source { get; }

    public Task Running { get; }

    /// <summary>Those so far.</summary>
    public IReadOnlyList<CdcStatus> Statuses
    {
        get
        {
            lock (statuses)
            {
                return [.. statuses];
            }
        }
    }

    /// <summary>Instants up to which the log says that this run has read the source so far, and how many records of orders it had then.</summary>
    public IReadOnlyList<(long At, long Orders)> ReadPoints() =>
    [
        .. LogRecord.All(Log, SourceProgress.Topic, 1).Select(record => SourceProgress.Read(record.Bytes)).Where(point => point.Run == run)
            .Select(point => (point.At, point.Ends.Sum())),
    ];

    public static EmbeddedCdcOptions Options(SourceDatabase database, Func<EmbeddedCdcOptions, EmbeddedCdcOptions>? change = null)
    {
        var options = new EmbeddedCdcOptions
        {
            ConnectionString = database.ConnectionString, Partitions = 4, StatusInterval = TimeSpan.FromMilliseconds(200), ReconnectMax = TimeSpan.FromMilliseconds(500),
            SlotWait = TimeSpan.FromSeconds(20),
        };
        return change is null ? options : change(options);
    }

    public static Capture Start(
        SourceDatabase database, MemoryLog log, Func<EmbeddedCdcOptions, EmbeddedCdcOptions>? change = null, Func<SnapshotReader, CancellationToken, Task>? gate = null) =>
        new(database, log, change, gate);

    /// <summary>Started, and caught up with what the source has.</summary>
    public static async Task<Capture> StartedAsync(SourceDatabase database, MemoryLog log, Func<EmbeddedCdcOptions, EmbeddedCdcOptions>? change = null)
    {
        var capture = Start(database, log, change);
        await capture.Source.CaughtUp.WaitAsync(Bound);
        return capture;
    }

    /// <summary>All records of the source topics, each partition in its order.</summary>
    public IReadOnlyList<LogRecord> Records(string table) => LogRecord.All(Log, $"shop.public.{table}", options.Partitions);

    /// <summary>Waits for the condition, looking whenever the log has changed.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        using var client = Log.OpenClient("until", "until");
        client.Assign([]);
        var records = new FetchedRecords();
        var deadline = DateTimeOffset.UtcNow + Bound;
        await Task.Run(() =>
        {
            while (!condition())
            {
                if (Running.IsFaulted)
                {
                    Running.GetAwaiter().GetResult();
                }

                if (DateTimeOffset.UtcNow > deadline)
                {
                    throw new TimeoutException($"not within {Bound}; the source is {Source.Status}");
                }

                client.Poll(records, TimeSpan.FromMilliseconds(20));
            }
        });
    }

    /// <summary>Waits until it ends with a failure.</summary>
    public async Task<T> FailedAsync<T>()
        where T : Exception
    {
        await Task.WhenAny(Running, Task.Delay(Bound));
        Assert.True(Running.IsCompleted, $"no failure within {Bound}; the source was {string.Join(", then ", Statuses)}");
        return await Assert.ThrowsAsync<T>(() => Running);
    }

    /// <summary>Waits until all that the source has by now is in the log: a change of its own tells.</summary>
    public async Task CatchUpAsync(SourceDatabase database, string marker)
    {
        await database.ExecuteAsync($"insert into merchants values (900000 + (select count(*) from merchants), '{marker}', 'STANDARD', 'ZZ')");
        await UntilAsync(() => Records("merchants").Any(record => record.Value is { } value && value.Contains(marker, StringComparison.Ordinal)));
    }

    /// <summary>Another offset than the capture left.</summary>
    public static void Commit(MemoryLog log, CdcOffset offset)
    {
        using var client = log.OpenClient("test", "test");
        var commit = new LogCommit();
        commit.Metadata.Add((CdcOffset.MetadataName, offset.ToBytes()));
        client.Commit(commit);
    }

    public byte[]? ReadMetadata(string name) => Log.ReadMetadata(name);

    /// <summary>Stops it in good order.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        try
        {
            await Running.WaitAsync(Bound);
        }
        catch (Exception e) when (e is not TimeoutException)
        {
            // A test that wants the failure awaits it itself.
        }

        stop.Dispose();
    }
}

/// <summary>A record as it stands in the log.</summary>
internal sealed record LogRecord(int Partition, long Offset, string? Key, byte[]? Bytes, byte[] Headers)
{
    public string? Value => Bytes is null ? null : Encoding.UTF8.GetString(Bytes);

    public static IReadOnlyList<LogRecord> All(MemoryLog log, string topic, int partitions)
    {
        using var client = log.OpenClient("reader", "reader");
        var found = new List<LogRecord>();
        var fetched = new FetchedRecords();
        for (var partition = 0; partition < partitions; partition++)
        {
            var end = log.EndOffset(new(topic, partition));
            for (var next = 0L; next < end;)
            {
                client.Assign([(new TopicPartition(topic, partition), next)]);
                client.Poll(fetched, TimeSpan.Zero);
                foreach (var batch in fetched.Batches)
                {
                    var rest = fetched.BytesOf(batch);
                    for (var offset = batch.BaseOffset; RecordBatch.TryReadNext(ref rest, out var record); offset++)
                    {
                        found.Add(new(
                            partition, offset, record.KeyIsNull ? null : Encoding.UTF8.GetString(record.Key),
                            record.ValueIsNull ? null : record.Value.ToArray(), record.Headers.ToArray()));
                        next = offset + 1;
                    }
                }
            }
        }

        return found;
    }
}
