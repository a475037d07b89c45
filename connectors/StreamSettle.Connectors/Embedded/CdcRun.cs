using StreamSettle.Connectors.Embedded.Output;
using StreamSettle.Connectors.Embedded.Server;
using StreamSettle.Connectors.Embedded.Snapshots;
using StreamSettle.Connectors.Embedded.Streaming;

namespace StreamSettle.Connectors.Embedded;

/// <summary>What the parts of one run of the capture share.</summary>
/// <param name="Id">The run's own name, which no other ever has.</param>
/// <param name="Patience">With the stream, from one session to the next.</param>
/// <param name="HasRecords">Whether anything was ever written to the source topics, or their readers know of rows by other means.</param>
/// <param name="ReadTo">Told, by an instant of the monotonic clock, that all that stood in the source then is committed to the log.</param>
internal sealed record CdcRun(
    string Id, EmbeddedCdcOptions Options, IReadOnlyList<CapturedTable> Tables, ServerConnections Servers, StreamPatience Patience, CdcOutput Output, Func<bool> HasRecords, TimeProvider Time,
    Func<SnapshotReader, CancellationToken, Task>? Gate, Action<CdcStatus> Report, Action<long> ReadTo);
