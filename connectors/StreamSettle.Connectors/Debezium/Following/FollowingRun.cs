using Microsoft.Extensions.Logging;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Connectors.Embedded.Server;

namespace StreamSettle.Connectors.Debezium.Following;

/// <summary>What the parts of one run share.</summary>
/// <param name="Id">The run's own name, which no other ever has.</param>
/// <param name="Kept">What the log has kept of the source; null before it was first followed.</param>
/// <param name="Report">Told what the source is doing, by what is known since when of a trouble.</param>
internal sealed record FollowingRun(
    string Id, DebeziumOptions Options, IReadOnlyList<CapturedTable> Tables, ServerConnections Servers, ConnectorWatch Watch, PointWriter Points, CopyPoints Copies, Func<KeptLook?> Kept, TimeProvider Time,
    ILogger Logger, Action<CdcStatus> Report)
{
    public EmbeddedCdcOptions Source => Options.Source;
}
