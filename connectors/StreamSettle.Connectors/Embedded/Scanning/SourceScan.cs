using System.Threading.Channels;
using StreamSettle.Connectors.Embedded.Server;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Log;

namespace StreamSettle.Connectors.Embedded.Scanning;

/// <summary>
/// Reads the orders' table again beside the capture, and writes its rows to the topic of orders: what the capture never delivered comes that way. Each row stands at a point
/// of the source before it was read, so whatever is newer there stays; no row is taken for gone. How far it has come is committed with the rows, so that a scan that was
/// cut off goes on.
/// </summary>
/// <param name="log">Where the records go.</param>
public sealed class SourceScan(EmbeddedCdcOptions options, IStreamLog log, TimeProvider time) : IDisposable
{
    /// <summary>Rows of a page. Default 5,000: a commit has about the bytes that one of the capture has.</summary>
    public int PageRows { get; init; } = 5_000;

    /// <summary>Shards that are read at once.</summary>
    public const int Readers = 2;

    const string Group = "scan";

    readonly ServerConnections servers = new(options);
    readonly CapturedTable table = CapturedTable.Of(options)[CapturedTable.Orders];
    readonly IReadOnlyList<CapturedTable> tables = CapturedTable.Of(options);
    readonly ILogClient client = log.OpenClient(Group, Group);
    readonly LogCommit commit = new();
    volatile ScanState? state = log.ReadMetadata(ScanState.MetadataName) is { } bytes ? ScanState.Read(bytes) : null;
    volatile string? waitsFor;

    /// <summary>The present scan, or the last one; null before the first. Safe from any thread.</summary>
    public ScanState? State => state;

    /// <summary>What a shard waits for before it can be read; null for nothing. Safe from any thread.</summary>
    public string? WaitsFor => waitsFor;

    /// <summary>Told how long it took to read each page, when it is committed.</summary>
    public Action<TimeSpan> PageTook { get; init; } = _ => { };

    /// <summary>Begins a scan: divides the table, and keeps that. One that goes on is given up by it.</summary>
    /// <exception cref="UserMistakeException">The server refuses us.</exception>
    /// <exception cref="EnvironmentFailedException">It cannot be reached.</exception>
    public async Task BeginAsync(ScanRequest request, CancellationToken stop)
    {
        var shards = await servers.AskAsync(Group, answersSoon: false, connection => ShardBounds.TakeAsync(connection, options, stop), stop).ConfigureAwait(false);
        Keep(new(request, UtcInstant.Now(time), shards), null);
    }

    /// <summary>A person gives the scan up. Not while <see cref="RunAsync"/> runs.</summary>
    public void Stop()
    {
        if (state is { Ended: null } present)
        {
            Keep(present with { Ended = UtcInstant.Now(time), IsStopped = true }, null);
        }
    }

    /// <summary>Goes on with the scan to its end.</summary>
    /// <exception cref="UserMistakeException">The server refuses us.</exception>
    /// <exception cref="EnvironmentFailedException">The source fails; what is not done can be gone on with.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        if (state is not { Ended: null } begun)
        {
            return;
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var todo = Channel.CreateUnbounded<(int, ScanShard, ScanRequest)>();
        foreach (var (shard, at) in begun.Shards.Select((shard, at) => (shard, at)).Where(one => !one.shard.IsDone))
        {
            todo.Writer.TryWrite((at, shard, begun.Request));
        }

        todo.Writer.Complete();
        var (free, filled) = (Channel.CreateUnbounded<ScanPage>(), Channel.CreateUnbounded<ScanPage>());
        for (var i = 0; i < 2 * Readers; i++)
        {
            free.Writer.TryWrite(new(tables, options.Partitions));
        }

        Task[] readers = [.. Enumerable.Range(0, Readers).Select(_ => Task.Run(() => ReadAsync(todo.Reader, free.Reader, filled.Writer, over), over.Token))];
        var reading = Task.WhenAll(readers).ContinueWith(ended => filled.Writer.TryComplete(ended.Exception?.InnerException), TaskScheduler.Default);
        try
        {
            await foreach (var page in filled.Reader.ReadAllAsync(stop).ConfigureAwait(false))
            {
                Keep(state!.After(page.At, page.Shard, UtcInstant.Now(time)), page);
                PageTook(page.Took);
                page.Records.Clear();
                free.Writer.TryWrite(page);
            }
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(false);
            waitsFor = null;
        }
    }

    public void Dispose() => client.Dispose();

    async Task ReadAsync(ChannelReader<(int, ScanShard, ScanRequest)> todo, ChannelReader<ScanPage> free, ChannelWriter<ScanPage> filled, CancellationTokenSource over)
    {
        try
        {
            await servers.AskAsync(
                Group, answersSoon: false,
                async connection =>
                {
                    var reader = new ShardReader(connection, table, options, time, PageRows);
                    await foreach (var what in todo.ReadAllAsync(over.Token).ConfigureAwait(false))
                    {
                        await reader.ReadAsync(what, () => free.ReadAsync(over.Token), page => filled.WriteAsync(page, over.Token), Waits, over.Token).ConfigureAwait(false);
                        waitsFor = null;
                    }

                    return true;
                },
                over.Token).ConfigureAwait(false);
        }
        catch
        {
            // The others need not go on: what is done is kept.
            await over.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    void Waits(string what) => waitsFor = what;

    void Keep(ScanState next, ScanPage? page)
    {
        commit.Clear();
        page?.Records.AddTo(commit);
        commit.Metadata.Add((ScanState.MetadataName, next.ToBytes()));
        client.Commit(commit);
        state = next;
    }
}
