using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.DeadLetters;

namespace StreamSettle.Topology.Operators;

/// <summary>A record of a source topic as it was set aside: the whole of it, so that its task decides as it would have at the first reading.</summary>
/// <param name="Key">Null where the record had none.</param>
/// <param name="Headers">Encoded; they say whether a primary key changed.</param>
/// <remarks><code>topic | offset(varint) | timestampMs(varint) | key(nullable span) | headers(span) | value(span)</code></remarks>
public sealed record IntakeRecord(string Topic, long Offset, long TimestampMs, byte[]? Key, byte[] Headers, byte[] Value)
{
    /// <param name="letter">Of the stage <see cref="DeadLetter.Intake"/>.</param>
    public static IntakeRecord Of(DeadLetter letter) =>
        new(letter.Topic!, letter.Offset, letter.RecordTimestampMs, letter.RecordKey, letter.RecordHeaders, letter.Payload);

    public void Write(ByteWriter to)
    {
        to.String(Topic);
        to.VarInt64(Offset);
        to.VarInt64(TimestampMs);
        to.NullableSpan(Key is null, Key);
        to.Span(Headers);
        to.Span(Value);
    }

    public static IntakeRecord Read(ref ByteReader from) => new(
        from.String(), from.VarInt64(), from.VarInt64(), from.NullableSpan(out var noKey) is var key && noKey ? null : key.ToArray(), from.Span().ToArray(),
        from.Span().ToArray());
}
