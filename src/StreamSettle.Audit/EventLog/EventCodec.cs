using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Audit.EventLog;

/// <summary>The value of a record of the topic <c>settlement-events</c>.</summary>
/// <remarks>
/// <code>
///  0         1       2          10
///  +---------+-------+----------+----------------+--------------+
///  | version | kind  | order BE | cause (span)   | json (span)  |   span = length as varint, then UTF-8
///  |    1    |  tag  |          |                |              |   kind = EventKind
///  +---------+-------+----------+----------------+--------------+
/// </code>
/// The cause stands beside the body so that the sink derives the event's id without parsing JSON. Golden bytes: <c>EventCodecTests</c>.
/// </remarks>
public static class EventCodec
{
    const byte Version = 1;

    public static void Write(ByteWriter to, OrderId order, SettlementEvent happened)
    {
        to.Byte(Version);
        to.Byte((byte)happened.Kind());
        to.Int64(order.Value);
        to.String(happened.Cause);
        to.Span(EventJson.Write(happened));
    }

    /// <summary>Writes an event that was read from another form.</summary>
    public static void Write(ByteWriter to, EventRecord record)
    {
        to.Byte(Version);
        to.Byte((byte)record.Kind);
        to.Int64(record.OrderId.Value);
        to.Span(record.Cause);
        to.Span(record.Json);
    }

    /// <exception cref="CorruptStateException">The bytes are no event of ours, or of a version that this program does not know.</exception>
    public static EventRecord Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        var version = from.Byte();
        if (version != Version)
        {
            throw new CorruptStateException($"an event record has version {version}, this program knows {Version}");
        }

        var tag = from.Byte();
        if (!EventKinds.IsKnown(tag))
        {
            throw new CorruptStateException($"an event record is of kind {tag}, this program knows 1 to {EventKinds.All.Count}");
        }

        var record = new EventRecord { Kind = (EventKind)tag, OrderId = new(from.Int64()), Cause = from.Span(), Json = from.Span() };
        return from.AtEnd ? record : throw new CorruptStateException($"{from.Rest.Length} bytes follow an event record");
    }
}
