using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Topology.Operators;

/// <summary>Reads and writes operators' requests.</summary>
/// <remarks>
/// <code>
///  replay    = 1 | by | requestId | key | neverCalculated(1)
///  discard   = 2 | by | requestId | key | note(nullable)
///  reread    = 3 | by | requestId | record, see IntakeRecord
///  pass over = 4 | by | requestId | record
///  replay    = 5 | by | requestId | key | neverCalculated(1) | note: where there is one
///  send again = 6 | by | requestId | key
///  returned   = 7 | by | requestId | key | reason | atUs(8)
/// </code>
/// </remarks>
public sealed class OperatorRequestSerde : ISerde<OperatorRequest>
{
    const byte Replay = 1;
    const byte Discard = 2;
    const byte Reread = 3;
    const byte PassOver = 4;
    const byte NotedReplay = 5;
    const byte SendAgain = 6;
    const byte Returned = 7;

    public OperatorRequest Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        return Read(ref from);
    }

    public void Write(OperatorRequest value, ByteWriter destination)
    {
        destination.Byte(TagOf(value));
        destination.String(value.By);
        destination.String(value.RequestId);
        switch (value)
        {
            case OperatorRequest.Replay replay:
                destination.String(replay.Key.ToString());
                destination.Bool(replay.NeverCalculated);
                if (replay.Note is not null)
                {
                    destination.String(replay.Note);
                }

                break;
            case OperatorRequest.Discard discard:
                destination.String(discard.Key.ToString());
                destination.NullableString(discard.Note);
                break;
            case OperatorRequest.SendAgain again:
                destination.String(again.Key.ToString());
                break;
            case OperatorRequest.Returned returned:
                destination.String(returned.Key.ToString());
                destination.String(returned.Reason);
                destination.Int64(returned.At.Microseconds);
                break;
            case OperatorRequest.OfRecord { Record: var record }:
                record.Write(destination);
                break;
            default:
                throw Unknown(value);
        }
    }

    /// <exception cref="CorruptStateException">The bytes are no request of ours.</exception>
    internal static OperatorRequest Read(ref ByteReader from)
    {
        var (tag, by, requestId) = (from.Byte(), from.String(), from.String());
        return tag switch
        {
            Replay => new OperatorRequest.Replay(Key(from.String()), from.Bool(), by, requestId),
            NotedReplay => new OperatorRequest.Replay(Key(from.String()), from.Bool(), by, requestId, from.String()),
            Discard => new OperatorRequest.Discard(Key(from.String()), from.NullableString(), by, requestId),
            Reread => new OperatorRequest.Reread(IntakeRecord.Read(ref from), by, requestId),
            PassOver => new OperatorRequest.PassOver(IntakeRecord.Read(ref from), by, requestId),
            SendAgain => new OperatorRequest.SendAgain(Key(from.String()), by, requestId),
            Returned => new OperatorRequest.Returned(Key(from.String()), from.String(), new(from.Int64())),
            _ => throw new CorruptStateException($"an operator's request has the kind {tag}"),
        };
    }

    static byte TagOf(OperatorRequest request) => request switch
    {
        OperatorRequest.Replay { Note: null } => Replay,
        OperatorRequest.Replay => NotedReplay,
        OperatorRequest.Discard => Discard,
        OperatorRequest.Reread => Reread,
        OperatorRequest.PassOver => PassOver,
        OperatorRequest.SendAgain => SendAgain,
        OperatorRequest.Returned => Returned,
        _ => throw Unknown(request),
    };

    static CallKey Key(string text) => CallKey.TryParse(text, out var key) ? key : throw new CorruptStateException($"'{text}' is no key of a call");

    static BrokenInvariantException Unknown(OperatorRequest request) => new($"unknown request {request}");
}
