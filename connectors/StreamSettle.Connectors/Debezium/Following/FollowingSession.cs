using Npgsql;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Connectors.Embedded.Server;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Log;

namespace StreamSettle.Connectors.Debezium.Following;

/// <summary>
/// From connecting to the shop until that connection ends. At each look: the clock, the shop as it is, the ends of the orders' topic, the position of the server's WAL, and what
/// Connect says. When its committed offset has passed a position that was noted before, the log is told what it has of the source since then.
/// </summary>
/// <param name="hasFollowed">The connector was seen to follow in this run: what is missing now was lost.</param>
internal sealed class FollowingSession(FollowingRun run, NpgsqlConnection connection, bool hasFollowed)
{
    readonly FollowedSource source = new(run, connection);
    readonly AwaitedPoints awaited = new();
    IReadOnlyList<long>? lastEnds;

    /// <summary>Nobody has seen what Debezium did until now, so that it may have copied the tables.</summary>
    bool isUnseen = true;
    string database = "", user = "";

    /// <summary>All that is needed of the shop was found good at least once.</summary>
    public bool HasStood { get; private set; }

    public bool HasFollowed { get; private set; } = hasFollowed;

    string SlotName => run.Source.SlotFor(database);

    public async Task RunAsync(CancellationToken stop)
    {
        await WhoAsync(stop).ConfigureAwait(false);
        while (true)
        {
            try
            {
                await LookAsync(stop).ConfigureAwait(false);
            }
            catch (TransactionAbortedException)
            {
                // The log is away, and says so itself; without it nothing is told to have been read.
            }

            await Task.Delay(run.Options.LookInterval, run.Time, stop).ConfigureAwait(false);
        }
    }

    async Task WhoAsync(CancellationToken stop)
    {
        await using var command = new NpgsqlCommand("select current_database()::text, current_user::text", connection);
        await using var row = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
        await row.ReadAsync(stop).ConfigureAwait(false);
        (database, user) = (row.GetString(0), row.GetString(1));
    }

    async Task LookAsync(CancellationToken stop)
    {
        // The instant comes first: it stands for what was in the source then, never for less.
        var at = run.Time.GetTimestamp();
        await source.LookAsync(stop).ConfigureAwait(false);
        HasStood = true;
        lastEnds ??= run.Points.Ends();
        var position = await ServerPosition.ReadAsync(connection, SlotName, stop).ConfigureAwait(false);
        var view = await run.Watch.LookAsync(database, user, stop).ConfigureAwait(false);
        if (view is not ConnectorView.Following { Offset: var offset })
        {
            awaited.Clear();
            isUnseen = true;
            if (view is ConnectorView.Copying)
            {
                source.Copying();
            }

            run.Report(StatusOf(view));
        }
        else if (await ProblemAsync(position, offset.Lsn, stop).ConfigureAwait(false) is { } problem)
        {
            awaited.Clear();
            run.Report(new CdcStatus.Unfit(UtcInstant.Now(run.Time), problem));
        }
        else
        {
            await FollowAsync(at, position, offset.Lsn, stop).ConfigureAwait(false);
        }
    }

    async Task FollowAsync(long at, ServerPosition position, ulong read, CancellationToken stop)
    {
        HasFollowed = true;
        if ((isUnseen || !source.IsKept) && !await source.KeepAsync(read, stop).ConfigureAwait(false))
        {
            // The next look refuses it, in a service that has begun: calls that are decided go on meanwhile.
            awaited.Clear();
            run.Report(new CdcStatus.Waiting(UtcInstant.Now(run.Time), "Debezium has copied the tables anew"));
            return;
        }

        isUnseen = false;
        awaited.Add(at, position.Written, lastEnds!);
        if (awaited.Reached(read) is var (reachedAt, wholeEnds))
        {
            lastEnds = run.Points.Ends();
            run.Points.Write(reachedAt, lastEnds, wholeEnds);
        }

        // The oldest that waits is younger than that as long as the offset moves.
        run.Report(awaited.OldestAt is { } oldest && run.Time.GetElapsedTime(oldest) >= run.Source.Silence
            ? new CdcStatus.Behind(UtcInstant.Now(run.Time), StandsStill(position, read))
            : new CdcStatus.Streaming(position.Written > read ? (long)(position.Written - read) : 0));
    }

    string StandsStill(ServerPosition position, ulong read) =>
        $"Kafka Connect has committed of the connector {run.Options.Connect.Connector} only what stood before {Slots.Lsn(read)}, while the server is at {Slots.Lsn(position.Written)}. It may be reading a large transaction; else look at its "
        + "heartbeat.interval.ms and heartbeat.action.query, and at offset.flush.interval.ms of the worker, which is a minute by default and should be 1000";

    async Task<string?> ProblemAsync(ServerPosition position, ulong read, CancellationToken stop)
    {
        if (FollowingRules.SlotProblem(position.Slot, SlotName, database, read) is { } problem)
        {
            return problem;
        }

        if (read <= position.Written)
        {
            return null;
        }

        // What was written since the position was asked for may have been read already.
        var now = await ServerPosition.ReadAsync(connection, SlotName, stop).ConfigureAwait(false);
        return read <= now.Written ? null : $"the source stands at {Slots.Lsn(now.Written)}, but Debezium has read it up to {Slots.Lsn(read)}: it is not the server that was read, or was put back. "
            + "See docs/kafka.md, \"When the source cannot be followed on\"";
    }

    CdcStatus StatusOf(ConnectorView view)
    {
        var now = UtcInstant.Now(run.Time);
        return view switch
        {
            ConnectorView.Copying => new CdcStatus.Snapshotting(run.Points.Ends().Sum()),
            ConnectorView.Away(var reason) when HasFollowed => new CdcStatus.Disconnected(now, reason),
            ConnectorView.Away(var reason) => new CdcStatus.Waiting(now, reason),
            ConnectorView.Wrong(var reason) when HasFollowed => new CdcStatus.Unfit(now, reason),
            ConnectorView.Wrong(var reason) => new CdcStatus.Waiting(now, reason),
            ConnectorView.Absent(var reason) when HasFollowed => new CdcStatus.Unfit(now, reason),
            ConnectorView.Absent(var reason) => new CdcStatus.Waiting(now, reason),
            _ => throw new BrokenInvariantException($"unknown view {view}"),
        };
    }
}
