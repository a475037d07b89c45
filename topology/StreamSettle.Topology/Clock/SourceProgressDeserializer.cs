using StreamSettle.Schemas.Sources;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Topology.Clock;

/// <summary>Reads records of <c>source-progress</c>.</summary>
sealed class SourceProgressDeserializer : IDeserializer<SourceProgress>
{
    public SourceProgress Read(ReadOnlySpan<byte> source) => SourceProgress.Read(source);
}
