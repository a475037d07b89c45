using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Topology.Clock;

/// <remarks>
/// <code>
///  began = 1 | assignment(varint)
///  fired = 2 | assignment(varint) | provenEnd(varint) | throughUs(varint) | lastUs(nullable varint)
///  requested = 3 | markUs(varint)
/// </code>
/// </remarks>
sealed class ClockReportSerde : ISerde<ClockReport>
{
    const byte Began = 1;
    const byte Fired = 2;
    const byte Requested = 3;

    public ClockReport Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        return from.Byte() switch
        {
            Began => new ClockReport.Began(from.VarInt64()),
            Fired => new ClockReport.Fired(from.VarInt64(), from.VarInt64(), new(from.VarInt64()), from.NullableVarInt64() is { } last ? new UtcInstant(last) : null),
            Requested => new ClockReport.Requested(new(from.VarInt64())),
            var kind => throw new CorruptStateException($"a record of clock-progress has the kind {kind}"),
        };
    }

    public void Write(ClockReport value, ByteWriter destination)
    {
        switch (value)
        {
            case ClockReport.Began began:
                destination.Byte(Began);
                destination.VarInt64(began.Assignment);
                break;
            case ClockReport.Fired fired:
                destination.Byte(Fired);
                destination.VarInt64(fired.Assignment);
                destination.VarInt64(fired.ProvenEnd);
                destination.VarInt64(fired.Through.Microseconds);
                destination.NullableVarInt64(fired.Last?.Microseconds);
                break;
            case ClockReport.Requested requested:
                destination.Byte(Requested);
                destination.VarInt64(requested.Mark.Microseconds);
                break;
            default:
                throw new BrokenInvariantException($"unknown report {value}");
        }
    }
}
