using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Topology.Operators;

/// <summary>
/// What an operator asks for a change of an order that could not be read: a record of <c>operator-commands</c>, in the partition of the clock task that set it
/// aside. It carries the whole record, so that the task decides as it would have at the first reading.
/// </summary>
/// <param name="Replay">Read it again; false: it does not count.</param>
/// <param name="Key">Null where the record had none.</param>
/// <param name="Headers">Encoded; they say whether a primary key changed.</param>
/// <remarks><code>tag(1)=2 | replay(1) | topic | offset(varint) | timestampMs(varint) | key(nullable span) | headers(span) | by | requestId | value(rest)</code></remarks>
public sealed record IntakeRequest(
    bool Replay, string Topic, long Offset, long TimestampMs, byte[]? Key, byte[] Headers, byte[] Value, string By, string RequestId)
{
    /// <summary>The first byte, which tells it from an <see cref="OperatorRequest"/>.</summary>
    public const byte Tag = 2;

    /// <summary>As events name it.</summary>
    public string Cause => $"{By}@{RequestId}";

    /// <param name="letter">Of the stage <see cref="DeadLetter.Intake"/>.</param>
    public static IntakeRequest Of(DeadLetter letter, bool replay, string by, string requestId) => new(
        replay, letter.Topic!, letter.Offset, letter.RecordTimestampMs, letter.RecordKey, letter.RecordHeaders, letter.Payload, by, requestId);

    public void Write(ByteWriter to)
    {
        to.Byte(Tag);
        to.Bool(Replay);
        to.String(Topic);
        to.VarInt64(Offset);
        to.VarInt64(TimestampMs);
        to.NullableSpan(Key is null, Key);
        to.Span(Headers);
        to.String(By);
        to.String(RequestId);
        to.Raw(Value);
    }

    /// <exception cref="SerdeException">The bytes are no such request.</exception>
    public static IntakeRequest Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        return from.Byte() != Tag
            ? throw new SerdeException("it is no request for a record that could not be read")
            : new(
                from.Bool(), from.String(), from.VarInt64(), from.VarInt64(), from.NullableSpan(out var noKey) is var key && noKey ? null : key.ToArray(),
                from.Span().ToArray(), Last(ref from, out var by, out var requestId), by, requestId);
    }

    static byte[] Last(ref ByteReader from, out string by, out string requestId)
    {
        by = from.String();
        requestId = from.String();
        return from.Rest.ToArray();
    }
}
