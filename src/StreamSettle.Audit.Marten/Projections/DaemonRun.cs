using JasperFx;
using JasperFx.Events.Daemon;
using Marten;
using Npgsql;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Marten.Projections;

/// <summary>Marten's daemon at one projection, from its start to its first failure: begun anew it goes on from the position that the database has.</summary>
internal sealed class DaemonRun : IAsyncDisposable
{
    /// <summary>
    /// Where a projection begins. From 0 on Marten would write the first position without looking whether there is one, so that of two daemons that begin at once both would be counted; from any other it moves it only from there. It comes to 0 where the daemon has found no event yet.
    /// </summary>
    const long Beginning = -1;

    readonly NpgsqlDataSource dataSource;
    readonly DocumentStore store;
    readonly string projection;
    readonly string begin;
    IProjectionDaemon? daemon;
    volatile Exception? failure;

    public DaemonRun(NpgsqlDataSource dataSource, ProjectionOptions options, (string Name, long Generation) projection)
    {
        (this.dataSource, this.projection) = (dataSource, projection.Name);
        var tables = new Tables(options.Audit.Schema);
        begin = $"insert into {tables.Projections} (name, generation, position) values ('{projection.Name}', {projection.Generation}, 0) on conflict (name) do nothing; insert into {tables.Progression} (name, last_seq_id) values ('{ViewStorage.Shard(projection.Name, projection.Generation)}', {Beginning}) on conflict (name) do update set last_seq_id = excluded.last_seq_id where mt_event_progression.last_seq_id = 0";
        store = DocumentStore.For(marten =>
        {
            marten.Connection(dataSource);
            SettlementEventStore.Configure(marten, options.Audit.Schema);
            var run = marten.Projections;
            run.AsyncMode = DaemonMode.Solo;
            (run.FastPollingTime, run.SlowPollingTime) = (options.Interval, options.Interval);
            run.HighWaterStalenessThreshold = TimeSpan.FromSeconds(30) + 4 * options.Interval;
            run.StaleSequenceThreshold = options.GapPatience;
            // A gap is waited out while any transaction is open that may still fill it, however long; then it is one of an append that was rolled back.
            (run.UseTransactionEvidenceForGapSkipping, run.SkipStaleGapsDespiteLiveTransactionsAfter) = (true, null);
            // A view that leaves something out by itself would be believed all the same.
            foreach (var errors in new[] { run.Errors, run.RebuildErrors })
            {
                (errors.SkipApplyErrors, errors.SkipSerializationErrors, errors.SkipUnknownEvents) = (false, false, options.SkipUnknown);
            }

            ViewStorage.Run(marten, tables, projection, told => failure = told);
        });
    }

    /// <summary>What the projection itself failed with; null where it is something of the daemon's or its reading.</summary>
    public Exception? Failure => failure;

    public async Task StartAsync()
    {
        await using (var command = dataSource.CreateCommand(begin))
        {
            await command.ExecuteNonQueryAsync();
        }

        daemon = await store.BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();
    }

    /// <summary>Why the daemon has stopped; null while it runs.</summary>
    public ShardFailure? Stopped()
    {
        if (daemon!.CurrentAgents() is not [var agent])
        {
            throw new EnvironmentFailedException($"Marten's daemon does not run projection '{projection}'");
        }

        return agent.Status == AgentStatus.Running ? null
            : agent.Failure ?? throw new EnvironmentFailedException($"Marten's daemon has stopped projection '{projection}' without a reason");
    }

    public async ValueTask DisposeAsync()
    {
        if (daemon is not null)
        {
            await daemon.StopAllAsync();
            daemon.Dispose();
        }

        await store.DisposeAsync();
    }
}
