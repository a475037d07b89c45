using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Topology.Operators;

/// <summary>A record of a source topic as it was set aside: the whole of it, so that its task decides as it would have at the first reading.</summary>
/// <param name="Key">Null where the record had none.</param>
/// <param name="Headers">Encoded; they say whether a primary key changed.</param>
public sealed record IntakeRecord(string Topic, long Offset, long TimestampMs, byte[]? Key, byte[] Headers, byte[] Value);

/// <summary>
/// What an operator asks for a change of an order that could not be read: a record of <c>operator-commands</c>, in the partition of the clock task that set it
/// aside.
/// </summary>
/// <param name="Replay">Read it again; false: it does not count.</param>
/// <remarks><code>tag(1)=2 | replay(1) | topic | offset(varint) | timestampMs(varint) | key(nullable span) | headers(span) | by | requestId | value(rest)</code></remarks>
public sealed record IntakeRequest(bool Replay, IntakeRecord Record, string By, string RequestId)
{
    /// <summary>The first byte, which tells it from an <see cref="OperatorRequest"/>.</summary>
    public const byte Tag = 2;

    /// <summary>As events name it.</summary>
    public string Cause => $"{By}@{RequestId}";

    /// <param name="letter">Of the stage <see cref="DeadLetter.Intake"/>.</param>
    public static IntakeRequest Of(DeadLetter letter, bool replay, string by, string requestId) => new(
        replay, new(letter.Topic!, letter.Offset, letter.RecordTimestampMs, letter.RecordKey, letter.RecordHeaders, letter.Payload), by, requestId);

    public void Write(ByteWriter to)
    {
        to.Byte(Tag);
        to.Bool(Replay);
        to.String(Record.Topic);
        to.VarInt64(Record.Offset);
        to.VarInt64(Record.TimestampMs);
        to.NullableSpan(Record.Key is null, Record.Key);
        to.Span(Record.Headers);
        to.String(By);
        to.String(RequestId);
        to.Raw(Record.Value);
    }

    /// <exception cref="SerdeException">The bytes are no such request.</exception>
    public static IntakeRequest Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        if (from.Byte() != Tag)
        {
            throw new SerdeException("it is no request for a record that could not be read");
        }

        var (replay, topic, offset, timestamp) = (from.Bool(), from.String(), from.VarInt64(), from.VarInt64());
        var key = from.NullableSpan(out var noKey) is var bytes && noKey ? null : bytes.ToArray();
        var (headers, by, requestId) = (from.Span().ToArray(), from.String(), from.String());
        return new(replay, new(topic, offset, timestamp, key, headers, from.Rest.ToArray()), by, requestId);
    }
}
