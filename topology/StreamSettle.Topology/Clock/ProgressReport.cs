using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Topology.Clock;

/// <summary>A record of <c>clock-progress</c>.</summary>
/// <param name="Through">A clock task has fired all marks up to here; null when the record only requests reports.</param>
/// <param name="Requested">A mark that has been fired or is waited for: all clock tasks answer how far they are. Null for none.</param>
/// <param name="Run">Which run says so.</param>
/// <param name="Epoch">Which of the times at which its gate was open, see <see cref="FiringGate"/>; 0 where it says nothing of firing.</param>
/// <param name="ProvenEnd">Up to this offset of its partition of the orders the clock task has processed whole transactions of the source.</param>
readonly record struct ProgressReport(UtcInstant? Through, UtcInstant? Requested, Guid Run, long Epoch, long ProvenEnd);

/// <remarks><code>through(nullable varint), requested(nullable varint), both microseconds | run(16, big-endian) | epoch(varint) | provenEnd(varint)</code></remarks>
sealed class ProgressReportSerde : ISerde<ProgressReport>
{
    const int GuidBytes = 16;

    public ProgressReport Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        return new(
            from.NullableVarInt64() is { } through ? new UtcInstant(through) : null,
            from.NullableVarInt64() is { } requested ? new UtcInstant(requested) : null,
            new(from.Take(GuidBytes), bigEndian: true),
            from.VarInt64(),
            from.VarInt64());
    }

    public void Write(ProgressReport value, ByteWriter destination)
    {
        destination.NullableVarInt64(value.Through?.Microseconds);
        destination.NullableVarInt64(value.Requested?.Microseconds);
        Span<byte> run = stackalloc byte[GuidBytes];
        value.Run.TryWriteBytes(run, bigEndian: true, out _);
        destination.Raw(run);
        destination.VarInt64(value.Epoch);
        destination.VarInt64(value.ProvenEnd);
    }
}
