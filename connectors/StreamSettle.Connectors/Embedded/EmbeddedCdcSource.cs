using Npgsql;
using StreamSettle.Connectors.Embedded.Offsets;
using StreamSettle.Connectors.Embedded.Output;
using StreamSettle.Connectors.Embedded.Server;
using StreamSettle.Connectors.Embedded.Snapshots;
using StreamSettle.Connectors.Embedded.Streaming;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Sources;
using StreamSettle.Streams.Log;

namespace StreamSettle.Connectors.Embedded;

/// <summary>
/// Change data capture of the shop's PostgreSQL inside the service: a snapshot, then every change, as plain Debezium records in the log's source topics.
/// Each log commit carries how far the source was read, so that a restart, after whatever end, neither leaves a change out nor writes one twice
/// (but for the parts of a transaction so large that it was split).
/// </summary>
/// <param name="log">Where the records go.</param>
/// <param name="readMetadata">Reads a named value that was committed with <see cref="LogCommit.Metadata"/>; null for none.</param>
/// <param name="runId">Names this run of the process, and no other ever: letters and digits, at most 36.</param>
/// <param name="gate">
/// Sees the source in the first snapshot before anything of it is committed. What it throws ends the start, and the slot is dropped again. Null for no gate.
/// </param>
public sealed class EmbeddedCdcSource(
    EmbeddedCdcOptions options, IStreamLog log, Func<string, byte[]?> readMetadata, string runId, TimeProvider time,
    Func<SnapshotReader, CancellationToken, Task>? gate = null) : ICdcSource
{
    /// <summary>The group under which the source writes; it reads nothing.</summary>
    const string Group = "cdc";

    /// <summary>With what stands before it, the server would cut a longer one off as a connection's name.</summary>
    const int RunIdMax = 36;

    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    readonly TaskCompletionSource<IReadOnlyDictionary<TopicPartition, long>> caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly string runId = runId.Length is > 0 and <= RunIdMax ? runId : throw new ArgumentException($"a run's name has 1 to {RunIdMax} characters, not '{runId}'", nameof(runId));
    volatile CdcStatus status = new CdcStatus.Starting();

    /// <summary>Readers of the topics know of rows although nothing was written there yet: those that the first snapshot does not have are gone.</summary>
    public bool RowsAreKnown { get; init; }

    /// <summary>What the source is doing. Safe from any thread.</summary>
    public CdcStatus Status => status;

    /// <summary>Raised on one of the source's threads when <see cref="Status"/> changes.</summary>
    public event Action<CdcStatus>? StatusChanged;

    /// <summary>
    /// Completes when everything that was in the source at this start is committed to the log, with the end offset of each source partition then.
    /// Fails or is cancelled as <c>RunAsync</c> does.
    /// </summary>
    public Task<IReadOnlyDictionary<TopicPartition, long>> CaughtUp => caughtUp.Task;

    /// <summary>
    /// The source topics: orders, merchants, promoters as <c>PREFIX.SCHEMA.TABLE</c>. What all their readers have consumed goes: every reader keeps what it knows, with
    /// positions, and nobody begins at the start.
    /// </summary>
    public static IReadOnlyList<TopicSpec> Topics(EmbeddedCdcOptions options) =>
        [.. CapturedTable.Of(options).Select(table => new TopicSpec(table.Topic, options.Partitions, TopicRetention.PurgeConsumed))];

    /// <summary>Reads until it is stopped. A lost connection is retried for ever; <see cref="Status"/> shows it.</summary>
    /// <exception cref="UserMistakeException">The source or the slot is not as it must be; the message says what to do.</exception>
    /// <exception cref="EnvironmentFailedException">The source could not be reached at the start, or fails in a way that does not pass.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            log.EnsureTopics([.. Topics(options), new(SourceProgress.Topic, options.Partitions, TopicRetention.PurgeConsumed)]);
            using var client = log.OpenClient(Group, runId);
            await RunAsync(client, stop).ConfigureAwait(false);
            caughtUp.TrySetCanceled(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            caughtUp.TrySetCanceled(stop);
        }
        catch (PostgresException e)
        {
            var explained = PostgresFailures.Explain(e);
            caughtUp.TrySetException(explained);
            throw explained;
        }
        catch (Exception e)
        {
            caughtUp.TrySetException(e);
            throw;
        }
        finally
        {
            // Nobody may be waiting for it; then its failure is told by the exception above.
            _ = caughtUp.Task.Exception;
            Report(new CdcStatus.Stopped());
        }
    }

    async Task RunAsync(ILogClient client, CancellationToken stop)
    {
        var tables = CapturedTable.Of(options);
        var output = new CdcOutput(client, tables, options.Partitions);
        var run = new CdcRun(runId, options, tables, new ServerConnections(options), new StreamPatience(options.ReceiveWait), output, () => RowsAreKnown || Ends().Values.Any(end => end > 0), time, gate, Report, at => ReadTo(at, output, tables[CapturedTable.Orders].Topic));
        var reachedAt = time.GetTimestamp();
        var (pause, everStreamed, again) = (FirstPause, false, false);
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            var commits = output.Commits;
            var current = new CdcSession(run, ReadOffset(), options.StartAnew && !everStreamed, again);
            try
            {
                await current.RunAsync(stop).ConfigureAwait(false);
            }
            catch (Exception e) when (!stop.IsCancellationRequested && MayPass(e, everStreamed |= current.HasStreamed))
            {
                // A log that takes nothing is no reason to connect anew ten times a second.
                var isOurs = e is TransactionAbortedException;
                pause = current.HasStreamed && (!isOurs || output.Commits > commits) ? FirstPause : pause;
                again = (again && !current.HasStreamed) || e is SourceChangedException { InStream: true };
                Weigh(e, run.Patience, output.Commits > commits);
                reachedAt = current.HasConnected ? time.GetTimestamp() : reachedAt;
                if (!everStreamed && time.GetElapsedTime(reachedAt) > options.StartupWait)
                {
                    throw new EnvironmentFailedException($"the source could not be read for {options.StartupWait}: {e.Message}", e);
                }

                if (!isOurs)
                {
                    Report(Trouble(e));
                }
            }

            await run.Output.DropAsync().ConfigureAwait(false);
            await Task.Delay(pause, time, stop).ConfigureAwait(false);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, options.ReconnectMax.Ticks));
        }
    }

    static void Weigh(Exception failure, StreamPatience patience, bool cameOn)
    {
        if (cameOn)
        {
            patience.Reset();
        }
        else if (failure is SilentStreamException)
        {
            patience.Double();
        }
    }

    /// <summary>At the start only what passes by itself is tried again; a source that was followed once is waited for, whatever is wrong with it.</summary>
    static bool MayPass(Exception failure, bool everStreamed) =>
        failure is SourceChangedException || PostgresFailures.IsTransient(failure)
        || (everStreamed && (failure is UserMistakeException or EnvironmentFailedException or PostgresException));

    CdcStatus Trouble(Exception failure) => failure switch
    {
        SourceChangedException => new CdcStatus.Altered(status is CdcStatus.Altered { Since: var since } ? since : UtcInstant.Now(time), failure.Message),
        _ when PostgresFailures.IsTransient(failure) => new CdcStatus.Disconnected(status is CdcStatus.Disconnected { Since: var since } ? since : UtcInstant.Now(time), failure.Message),
        _ => new CdcStatus.Unfit(
            status is CdcStatus.Unfit { Since: var since } ? since : UtcInstant.Now(time), failure is PostgresException refused ? PostgresFailures.Explain(refused).Message : failure.Message),
    };

    CdcOffset? ReadOffset() => readMetadata(CdcOffset.MetadataName) is { } bytes ? CdcOffset.Read(bytes) : null;

    /// <summary>All that stood in the source at the instant is committed: the log is told so.</summary>
    void ReadTo(long at, CdcOutput output, string orders)
    {
        var ends = Ends();
        long[] ofOrders = [.. Enumerable.Range(0, options.Partitions).Select(partition => ends[new(orders, partition)])];
        output.Start(new SourceProgress(runId, at, ofOrders), time.GetUtcNow().ToUnixTimeMilliseconds());
        caughtUp.TrySetResult(ends);
    }

    /// <summary>The end offset of each source partition as it is now.</summary>
    Dictionary<TopicPartition, long> Ends() => Topics(options)
        .SelectMany(topic => Enumerable.Range(0, topic.Partitions).Select(partition => new TopicPartition(topic.Name, partition)))
        .ToDictionary(partition => partition, log.EndOffset);

    void Report(CdcStatus now)
    {
        if (now != status)
        {
            status = now;
            StatusChanged?.Invoke(now);
        }
    }
}
