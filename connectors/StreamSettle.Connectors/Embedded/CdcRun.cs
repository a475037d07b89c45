using StreamSettle.Connectors.Embedded.Output;
using StreamSettle.Connectors.Embedded.Server;
using StreamSettle.Connectors.Embedded.Snapshots;

namespace StreamSettle.Connectors.Embedded;

/// <summary>What the parts of one run of the capture share.</summary>
internal sealed record CdcRun(
    EmbeddedCdcOptions Options, IReadOnlyList<CapturedTable> Tables, ServerConnections Servers, CdcOutput Output, SourceTopics Topics,
    LostKeys Lost, TimeProvider Time,
    Func<SnapshotReader, CancellationToken, Task>? Gate, Action<CdcStatus> Report);
