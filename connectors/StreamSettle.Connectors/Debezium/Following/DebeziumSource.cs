using Microsoft.Extensions.Logging;
using Npgsql;
using StreamSettle.Connectors.Connect;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Connectors.Embedded.Inspection;
using StreamSettle.Connectors.Embedded.Server;
using StreamSettle.Connectors.Embedded.Snapshots;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Registry;
using StreamSettle.Streams.Log;

namespace StreamSettle.Connectors.Debezium.Following;

/// <summary>
/// Follows the Debezium that brings the shop's changes: it reads none of them, but knows how far they have come, says so in the log, and tells when they do not come or would lack
/// something. Every instance of the service has one. The topics are made by whoever needs them.
/// </summary>
/// <param name="log">Where the changes come to.</param>
/// <param name="runId">Names this run of the process, and no other ever: letters and digits, at most 36.</param>
/// <param name="client">Of Kafka Connect; not disposed here.</param>
public sealed class DebeziumSource(
    DebeziumOptions options, IStreamLog log, string runId, ConnectClient client, TimeProvider time, ILogger logger) : ICdcSource
{
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    volatile CdcStatus status = new CdcStatus.Starting();

    /// <summary>
    /// Sees the shop as it stands at a first start, before anything is told to have been read. What it throws ends the start. Null, the default, for no gate, as at every
    /// later start.
    /// </summary>
    public Func<SnapshotReader, CancellationToken, Task>? Gate { get; init; }

    /// <summary>The schemas of records in Avro; null, the default, where no registry is configured.</summary>
    public IWriterSchemas? Schemas { get; init; }

    public CdcStatus Status => status;

    public event Action<CdcStatus>? StatusChanged;

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await FollowAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to.
        }
        catch (PostgresException e)
        {
            throw PostgresFailures.Explain(e);
        }
        finally
        {
            Report(new CdcStatus.Stopped());
        }
    }

    async Task FollowAsync(CancellationToken stop)
    {
        var tables = CapturedTable.Of(options.Source);
        using var points = new PointWriter(log, options.ProgressTopic, tables[CapturedTable.Orders].Topic, options.Source.Partitions, runId, time);
        var run = new FollowingRun(
            runId, options, tables, new ServerConnections(options.Source), new ConnectorWatch(client, options, time, logger), points,
            new(log, options.ProgressTopic, runId + "-copies", CopiedTopic.Of(options, Schemas)), () => Kept(log.ReadMetadata), time, logger, Report);
        var (began, pause) = (time.GetTimestamp(), FirstPause);
        var (isShown, hasStood, hasFollowed) = (Gate is null, false, false);
        while (true)
        {
            FollowingSession? session = null;
            try
            {
                if (!isShown)
                {
                    await new SourceLook(options.Source, readMetadata: null).ShowAsync(Gate!, stop).ConfigureAwait(false);
                    isShown = true;
                }

                var connection = await run.Servers.OpenAsync(runId, answersSoon: true, stop).ConfigureAwait(false);
                await using var close = connection.ConfigureAwait(false);
                session = new(run, connection, hasFollowed);
                await session.RunAsync(stop).ConfigureAwait(false);
            }
            catch (Exception e) when (!stop.IsCancellationRequested && MayPass(e, hasStood |= session is { HasStood: true }))
            {
                pause = session is { HasStood: true } && Passes(e) ? FirstPause : pause;
                hasFollowed |= session is { HasFollowed: true };
                if (!hasStood && time.GetElapsedTime(began) > options.Source.StartupWait)
                {
                    throw new EnvironmentFailedException($"the source could not be read for {options.Source.StartupWait}: {e.Message}", e);
                }

                Report(Trouble(e));
            }

            await Task.Delay(pause, time, stop).ConfigureAwait(false);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, options.Source.ReconnectMax.Ticks));
        }
    }

    /// <summary>What was kept of the source, of the log that has it.</summary>
    internal static KeptLook? Kept(Func<string, byte[]?> readMetadata) => readMetadata(KeptLook.MetadataName) is { } bytes ? KeptLook.Read(bytes) : null;

    /// <summary>At the start only what passes by itself is tried again; a source that was found good once is waited for, whatever is wrong with it.</summary>
    static bool MayPass(Exception failure, bool hasStood) => Passes(failure) || (hasStood && failure is UserMistakeException or PostgresException);

    static bool Passes(Exception failure) => failure is EnvironmentFailedException || PostgresFailures.IsTransient(failure);

    CdcStatus Trouble(Exception failure) => Passes(failure)
        ? new CdcStatus.Disconnected(UtcInstant.Now(time), failure.Message)
        : new CdcStatus.Unfit(UtcInstant.Now(time), failure is PostgresException refused ? PostgresFailures.Explain(refused).Message : failure.Message);

    void Report(CdcStatus now)
    {
        now = SinceItBegan(now);
        if (now != status)
        {
            status = now;
            StatusChanged?.Invoke(now);
        }
    }

    /// <summary>A trouble that goes on is of when it began, whatever its words are by now.</summary>
    CdcStatus SinceItBegan(CdcStatus now) => (now, status) switch
    {
        (CdcStatus.Waiting waiting, CdcStatus.Waiting before) => waiting with { Since = before.Since },
        (CdcStatus.Behind behind, CdcStatus.Behind before) => behind with { Since = before.Since },
        (CdcStatus.Disconnected gone, CdcStatus.Disconnected before) => gone with { Since = before.Since },
        (CdcStatus.Unfit unfit, CdcStatus.Unfit before) => unfit with { Since = before.Since },
        _ => now,
    };
}
