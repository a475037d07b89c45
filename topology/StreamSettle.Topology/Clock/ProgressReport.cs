using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Topology.Clock;

/// <summary>A record of <c>clock-progress</c>.</summary>
/// <param name="Through">A clock task has fired all marks up to here; null when the record only wants something.</param>
/// <param name="Wanted">A mark that has been fired or is waited for; null for none.</param>
readonly record struct ProgressReport(UtcInstant? Through, UtcInstant? Wanted);

/// <remarks><code>through(nullable varint) | wanted(nullable varint), microseconds</code></remarks>
sealed class ProgressReportSerde : ISerde<ProgressReport>
{
    public ProgressReport Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        return new(
            from.NullableVarInt64() is { } through ? new UtcInstant(through) : null,
            from.NullableVarInt64() is { } wanted ? new UtcInstant(wanted) : null);
    }

    public void Write(ProgressReport value, ByteWriter destination)
    {
        destination.NullableVarInt64(value.Through?.Microseconds);
        destination.NullableVarInt64(value.Wanted?.Microseconds);
    }
}
