using System.Data;
using StreamSettle.Connectors.Embedded.Offsets;
using StreamSettle.Connectors.Embedded.Server;
using StreamSettle.Connectors.Embedded.Snapshots;
using StreamSettle.Connectors.Embedded.Streaming;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Connectors.Embedded.Inspection;

/// <summary>Looks at the source as a start does, on connections of its own, without changing anything: before a start writes anything, and for <c>check</c>.</summary>
/// <param name="readMetadata">Reads what the state directory has kept by name; null where the state cannot be read: then nothing is said of publication and slot.</param>
public sealed class SourceLook(EmbeddedCdcOptions options, Func<string, byte[]?>? readMetadata)
{
    /// <summary>As the server shows these connections.</summary>
    const string Instance = "look";

    readonly ServerConnections servers = new(options);

    /// <summary>The tables are still to be copied.</summary>
    public bool IsFirstStart => Offset() is not { Phase: CdcPhase.Streaming };

    /// <exception cref="UserMistakeException">The server refuses us.</exception>
    /// <exception cref="EnvironmentFailedException">It cannot be reached.</exception>
    public Task<SourceReport> ReadAsync(CancellationToken stop) => servers.AskAsync(
        Instance, answersSoon: false,
        async connection =>
        {
            var (tables, offset) = (CapturedTable.Of(options), Offset());
            var facts = await SourceInspection.FactsAsync(connection, options, tables, offset, stop).ConfigureAwait(false);
            var findings = SourceInspection.Judge(facts, options, tables, offset, options.StartAnew).Where(finding => readMetadata is not null || !finding.NeedsState).ToList();
            if (facts.Server is { MayReplicate: true, WalLevel: "logical" })
            {
                var replication = await servers.OpenReplicationAsync(Instance, options.ReceiveWait, stop).ConfigureAwait(false);
                await using var close = replication.ConfigureAwait(false);
                var system = await replication.IdentifySystem(stop).ConfigureAwait(false);
                findings.AddRange(
                    offset is { Phase: CdcPhase.Streaming } && await Resume.ProblemAsync(connection, replication, system, offset, stop).ConfigureAwait(false) is { } problem
                        ? [new SourceFinding(SourceSubject.Server, problem)]
                        : []);
            }

            return new SourceReport(IsFirstStart, offset?.Slot ?? options.SlotFor(facts.Server.Database), findings);
        },
        stop);

    /// <summary>Shows the source, as it stands in one snapshot, to the gate of a first start.</summary>
    /// <exception cref="UserMistakeException">As <see cref="ReadAsync"/>, and what the gate throws.</exception>
    public Task ShowAsync(Func<SnapshotReader, CancellationToken, Task> gate, CancellationToken stop) => servers.AskAsync(
        Instance, answersSoon: false,
        async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, stop).ConfigureAwait(false);
            await gate(new SnapshotReader(connection, options), stop).ConfigureAwait(false);
            return true;
        },
        stop);

    CdcOffset? Offset() => readMetadata?.Invoke(CdcOffset.MetadataName) is { } bytes ? CdcOffset.Read(bytes) : null;
}
