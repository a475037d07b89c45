using System.Security.Cryptography;
using JasperFx;
using Marten;
using Npgsql;
using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Events;
using StreamSettle.Audit.Marten.Append;
using StreamSettle.Audit.Marten.Keys;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten;

/// <summary>The event log in PostgreSQL. Marten owns the tables of the events; see <see cref="SettlementEventStore"/> for reading them with it.</summary>
public sealed class MartenEventLog : IEventLog, IAsyncDisposable
{
    /// <summary>How often two writers may meet on a stream before the caller hears of it.</summary>
    const int MaxRaces = 5;

    const string ApplicationName = "streamsettle-audit";
    const int WriteBufferBytes = 64 * 1024;

    readonly string connectionString;
    readonly NpgsqlDataSource dataSource;
    readonly DocumentStore store;
    readonly Tables tables;
    readonly EventAppender appender;
    readonly EventReader reader;
    readonly FieldOpening keys;

    // From then on a refusal is something that came over a log that works: a password that was changed, rights that were taken, a database that is being restored.
    volatile bool hasWorked;

    /// <exception cref="UserMistakeException">An option breaks a rule.</exception>
    public MartenEventLog(AuditOptions options)
    {
        options.RequireSound();
        connectionString = options.ConnectionString;
        dataSource = AuditSessions.Create(options.ConnectionString, ApplicationName, WriteBufferBytes, prepares: true);
        tables = new(options.Schema);
        appender = new(tables, options.Keys.Current is null ? null : new(tables, options.Keys, bytes => RandomNumberGenerator.Fill(bytes)));
        keys = new(tables, options.Keys);
        reader = new(tables);
        store = DocumentStore.For(marten =>
        {
            marten.Connection(dataSource);
            SettlementEventStore.Configure(marten, options.Schema);
        });
    }

    public Task<EventLogState> OpenAsync(CancellationToken stop) => GuardAsync(
        async connection =>
        {
            if (await Migration.MayRunAsync(connection, tables, stop))
            {
                await using var alone = await Migration.LockAsync(connection, tables, stop);
                await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate);
                await SideTables.EnsureAsync(connection, tables, stop);
                await SideTables.EnsureProjectionsAsync(connection, tables, stop);
                await AppendOnly.EnsureAsync(connection, tables, stop);
                await alone.CommitAsync(stop);
            }

            var owner = await LogRegistry.OwnerAsync(connection, tables, stop);
            return new EventLogState(await LogRegistry.IsEmptyAsync(connection, tables, stop), owner?.Log);
        },
        stop);

    public async Task<RegisterLogResult> RegisterLogAsync(LogRegistration log, CancellationToken stop)
    {
        var result = await GuardAsync(connection => LogRegistry.RegisterAsync(connection, tables, log, stop), stop);
        hasWorked = true;
        return result;
    }

    public async Task WithdrawLogAsync(Guid logIdentity, CancellationToken stop) => await GuardAsync(
        async connection =>
        {
            await LogRegistry.WithdrawAsync(connection, tables, logIdentity, stop);
            return true;
        },
        stop);

    /// <summary>Makes this process the one that runs by a log's identity, for as long as the lease is kept.</summary>
    /// <exception cref="UserMistakeException">Another process does, from a copy of its state directory.</exception>
    public async Task<LogLease> LeaseAsync(Guid logIdentity, TimeProvider time, CancellationToken stop)
    {
        try
        {
            return await LogLease.TakeAsync(new(connectionString, logIdentity), time, stop);
        }
        catch (Exception e) when (e is not OperationCanceledException && PostgresFailures.Translate(e, tables.Schema) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>Makes this process the only one that does what is named so, beside others of the same event log, until it is disposed of.</summary>
    /// <returns>Null while another one does it.</returns>
    public async Task<SoleRun?> TryRunAloneAsync(string what, CancellationToken stop)
    {
        try
        {
            return await SoleRun.TryTakeAsync(connectionString, $"streamsettle.{tables.Schema}.{what}", stop);
        }
        catch (Exception e) when (e is not OperationCanceledException && PostgresFailures.Translate(e, tables.Schema) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>What stands in the event log, and whether this role can keep it; changes nothing, and makes nothing that is missing.</summary>
    public Task<EventLogLook> LookAsync(CancellationToken stop) => GuardAsync(connection => SchemaLook.ReadAsync(connection, tables, stop), stop);

    /// <summary>What does not keep the event log append-only as it should: triggers, rights of others than the owner; empty when all does, and where there is none yet.</summary>
    public Task<IReadOnlyList<string>> ReadGuardsAsync(CancellationToken stop) =>
        GuardAsync(async connection => await Guards.ProblemsAsync(connection, tables, await Migration.MayRunAsync(connection, tables, stop), stop), stop);

    public Task<IReadOnlyDictionary<SourcePartition, long>> ReadPositionsAsync(Guid logIdentity, CancellationToken stop) =>
        GuardAsync(connection => reader.PositionsAsync(connection, logIdentity, stop), stop);

    public async Task<AppendResult> AppendAsync(EventBatch batch, CancellationToken stop)
    {
        for (var races = 0; ; races++)
        {
            try
            {
                return await GuardAsync(connection => appender.AppendAsync(connection, batch, stop), stop);
            }
            catch (Exception e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation })
            {
                // The one foreign key that an append can break: positions to the registered log.
                throw new UserMistakeException(NotRegistered.Message(batch.LogIdentity), e);
            }
            catch (Exception e) when (races < MaxRaces && e.InnerException is PostgresException failure && PostgresFailures.IsRace(failure))
            {
            }
        }
    }

    public async Task<IReadOnlyList<StoredEvent>> ReadStreamAsync(OrderId order, CancellationToken stop) =>
        (await ReadStreamsAsync([order], stop)).GetValueOrDefault(order, []);

    /// <summary>
    /// Hands each calculation of an order that was completed in a period to <paramref name="take"/>: by merchant, then by currency, then in the order of the log. Costs memory for
    /// one, however many there are.
    /// </summary>
    /// <param name="from">The first instant of the period.</param>
    /// <param name="to">The first instant behind it.</param>
    /// <returns>How many there were.</returns>
    public Task<long> ReadCalculationsAsync(UtcInstant from, UtcInstant to, Action<OrderId, SettlementCalculated> take, CancellationToken stop) =>
        GuardAsync(connection => new CalculationReader(tables).ReadAsync(connection, (from, to), take, stop), stop);

    /// <summary>The events of those orders that have any, each order's by version.</summary>
    public Task<IReadOnlyDictionary<OrderId, IReadOnlyList<StoredEvent>>> ReadStreamsAsync(IReadOnlyCollection<OrderId> orders, CancellationToken stop) =>
        GuardAsync(async connection => await keys.OpenAsync(connection, await reader.StreamsAsync(connection, orders, stop), stop), stop);

    /// <summary>Walks over all streams, a page at a time: when the order of each is said to be completed, a row for each event that says so, and at least one for each stream.</summary>
    /// <param name="after">The last stream of the page before, in the order of the database; null for the first.</param>
    /// <param name="most">Streams.</param>
    /// <returns>Empty at the end.</returns>
    public Task<IReadOnlyList<(string Stream, string? CompletedAt)>> ReadCompletionsAsync(string? after, int most, CancellationToken stop) =>
        GuardAsync(connection => reader.CompletionsAsync(connection, after, most, stop), stop);

    /// <summary>Hands the events of each order, in their order, to <paramref name="take"/>, one order after the other. Costs memory for one, however many there are.</summary>
    /// <returns>How many orders there were.</returns>
    /// <exception cref="UserMistakeException">There is an event that this program does not know: what follows from it cannot be guessed.</exception>
    public Task<long> ReadOrdersAsync(Func<OrderId, IReadOnlyList<SettlementEvent>, Task> take, CancellationToken stop) =>
        GuardAsync(connection => new OrdersReader(tables, keys).ReadAsync(connection, take, stop), stop);

    /// <summary>
    /// Gives the event log to another log than the one that fed it: that one's state was lost. Its positions begin anew, as that log does; what was counted by them stays.
    /// </summary>
    /// <param name="from">The log that it belongs to; from now on that one can append nothing.</param>
    /// <exception cref="UserMistakeException">It belongs to another one.</exception>
    public Task HandOverAsync(Guid from, LogRegistration to, CancellationToken stop) => GuardAsync(
        async connection =>
        {
            await LogRegistry.HandOverAsync(connection, tables, from, to, stop);
            return true;
        },
        stop);

    /// <summary>Keeps which completed orders are ours (<c>Source:CompletedSince</c> of the first start) beside the registration, for when local state is lost.</summary>
    public Task KeepChoiceAsync(Guid logIdentity, string choice, CancellationToken stop) => GuardAsync(
        async connection =>
        {
            await RegistrationText.Choice.KeepAsync(connection, tables, logIdentity, choice, stop);
            return true;
        },
        stop);

    /// <summary>See <see cref="KeepChoiceAsync"/>; null where no release has kept it.</summary>
    public Task<string?> ReadChoiceAsync(Guid logIdentity, CancellationToken stop) => GuardAsync(connection => RegistrationText.Choice.ReadAsync(connection, tables, logIdentity, stop), stop);

    /// <summary>Keeps what people keep back beside the registration, in a form of the caller's, for when local state is lost: an event tells a hold only of an order of which it kept something back.</summary>
    /// <returns>False where the tables are of an earlier release: then it is not kept.</returns>
    public Task<bool> KeepHoldsAsync(Guid logIdentity, string holds, CancellationToken stop) => GuardAsync(connection => RegistrationText.Holds.KeepAsync(connection, tables, logIdentity, holds, stop), stop);

    /// <summary>See <see cref="KeepHoldsAsync"/>; null where no release has kept any.</summary>
    public Task<string?> ReadHoldsAsync(Guid logIdentity, CancellationToken stop) => GuardAsync(connection => RegistrationText.Holds.ReadAsync(connection, tables, logIdentity, stop), stop);

    public Task<EventLogCounts> CountsAsync(CancellationToken stop) => GuardAsync(connection => reader.CountsAsync(connection, stop), stop);

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await dataSource.DisposeAsync();
    }

    async Task<T> GuardAsync<T>(Func<NpgsqlConnection, Task<T>> call, CancellationToken stop)
    {
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(stop);
            return await call(connection);
        }
        catch (Exception e) when (e is not OperationCanceledException && PostgresFailures.Translate(e, tables.Schema) is { } translated)
        {
            var thrown = hasWorked && translated is UserMistakeException ? new EnvironmentFailedException(translated.Message, translated.InnerException) : translated;
            if (thrown is EnvironmentFailedException)
            {
                // After a restart of the server every pooled connection is a dead one.
                dataSource.Clear();
            }

            throw thrown;
        }
    }
}
