using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using StreamSettle.Connectors.Connect;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Connectors.Embedded.Inspection;
using StreamSettle.Connectors.Embedded.Server;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Connectors.Debezium.Following;

/// <summary>Looks at the shop and at Kafka Connect as a start does, without changing anything: before a start writes anything, and for <c>check</c>.</summary>
/// <param name="readMetadata">Reads what the log has kept by name; null where it cannot be read: then nothing is compared with it.</param>
/// <param name="client">Not disposed here.</param>
public sealed class DebeziumLook(DebeziumOptions options, Func<string, byte[]?>? readMetadata, ConnectClient client, TimeProvider time)
{
    /// <summary>As the server shows these connections.</summary>
    const string Instance = "look";

    static readonly TimeSpan AskInterval = TimeSpan.FromMilliseconds(250);

    readonly ServerConnections servers = new(options.Source);
    readonly KeptLook? kept = readMetadata is null ? null : DebeziumSource.Kept(readMetadata);

    /// <summary>What is wrong with the shop: what a start is refused by. The connector may come later.</summary>
    /// <exception cref="UserMistakeException">The server refuses us.</exception>
    /// <exception cref="EnvironmentFailedException">It cannot be reached.</exception>
    public Task<SourceReport> ReadAsync(CancellationToken stop) => servers.AskAsync(
        Instance, answersSoon: true,
        async connection =>
        {
            var tables = CapturedTable.Of(options.Source);
            var facts = await SourceInspection.FactsAsync(connection, options.Source, tables, offset: null, stop).ConfigureAwait(false);
            var beats = await HeartbeatTable.ReadAsync(connection, stop).ConfigureAwait(false);
            var findings = FollowingRules.Judge(facts, options.Source, tables, (table, at) => kept is not null && KnownColumns.Has(kept.Columns, tables, table, at), beats);
            return new SourceReport(kept is null, options.Source.SlotFor(facts.Server.Database), findings);
        },
        stop);

    /// <summary>Whether the connector runs as it must, and how far it has come moves: waits until what stands in the shop now has come to the topics.</summary>
    /// <returns>What was found, in a line.</returns>
    /// <exception cref="UserMistakeException">The connector is missing, does not run, or leaves something out.</exception>
    /// <exception cref="EnvironmentFailedException">Connect is away, or how far it has come has not moved within <c>Source:Silence</c>.</exception>
    public Task<string> ProgressAsync(CancellationToken stop) => servers.AskAsync(
        Instance, answersSoon: true,
        async connection =>
        {
            var builder = new NpgsqlConnectionStringBuilder(options.Source.ConnectionString);
            var watch = new ConnectorWatch(client, options, time, NullLogger.Instance, mayRestart: false);
            var (began, name) = (time.GetTimestamp(), options.Connect.Connector);
            var position = await ServerPosition.ReadAsync(connection, options.Source.SlotFor(servers.Database), stop).ConfigureAwait(false);
            while (true)
            {
                var view = await watch.LookAsync(servers.Database, builder.Username ?? "", stop).ConfigureAwait(false);
                switch (view)
                {
                    case ConnectorView.Away(var reason):
                        throw new EnvironmentFailedException(reason);
                    case ConnectorView.Wrong(var reason):
                        throw new UserMistakeException(reason);
                    case ConnectorView.Copying:
                        return $"{name} runs, and copies the tables";
                    case ConnectorView.Following(var offset) when FollowingRules.SlotProblem(position.Slot, options.Source.SlotFor(servers.Database), servers.Database, offset.Lsn) is { } problem:
                        throw new UserMistakeException(problem);
                    case ConnectorView.Following(var offset) when offset.Lsn >= position.Written:
                        return $"{name} runs, and what stood in the source had come to the topics {time.GetElapsedTime(began).TotalSeconds:0.0} s later";
                    case ConnectorView.Absent(var reason) when watch.Config is null:
                        throw new UserMistakeException(reason);
                }

                if (time.GetElapsedTime(began) >= options.Source.Silence)
                {
                    throw new EnvironmentFailedException(
                        $"{name} runs, but within {options.Source.Silence} (Source:Silence) Kafka Connect has not committed that it has come to where the source stood. Look at heartbeat.interval.ms and heartbeat.action.query "
                        + "of the connector, and at offset.flush.interval.ms of the worker, which is a minute by default and should be 1000.");
                }

                await Task.Delay(AskInterval, time, stop).ConfigureAwait(false);
            }
        },
        stop);
}
