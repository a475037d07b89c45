using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Topology.Clock;

/// <summary>A record of <c>clock-progress</c>.</summary>
/// <param name="Through">A clock task has fired all marks up to here; null when the record only wants something.</param>
/// <param name="Wanted">A mark that has been fired or is waited for: all clock tasks answer how far they are. Null for none.</param>
/// <param name="Run">Start of the run that says so.</param>
readonly record struct ProgressReport(UtcInstant? Through, UtcInstant? Wanted, UtcInstant Run);

/// <remarks><code>through(nullable varint) | wanted(nullable varint) | run(8), microseconds</code></remarks>
sealed class ProgressReportSerde : ISerde<ProgressReport>
{
    public ProgressReport Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        return new(
            from.NullableVarInt64() is { } through ? new UtcInstant(through) : null,
            from.NullableVarInt64() is { } wanted ? new UtcInstant(wanted) : null,
            new(from.Int64()));
    }

    public void Write(ProgressReport value, ByteWriter destination)
    {
        destination.NullableVarInt64(value.Through?.Microseconds);
        destination.NullableVarInt64(value.Wanted?.Microseconds);
        destination.Int64(value.Run.Microseconds);
    }
}
