using System.Text;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Errors;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.App.Composition;

/// <summary>What cannot be read of the source (merchants, promoters; changes of orders the clock sets aside itself) becomes a dead letter with its bytes, position and reason, and the stream goes on. Of our own topics it is a corruption: the stream stops.</summary>
sealed class UnreadableRecords(string sourcePrefix, string deadLetters, ISerializer<DeadLetter> letters, TimeProvider time)
{
    /// <summary>Every thread that reads comes here, and a serializer belongs to one at a time.</summary>
    readonly Lock sync = new();

    public DeserializationHandlerResponse Handle(ErrorHandlerContext context, scoped in RawRecord record, SerdeException exception)
    {
        var at = context.Record;
        if (!at.Topic!.StartsWith(sourcePrefix + ".", StringComparison.Ordinal))
        {
            return new DeserializationHandlerResponse.Fail();
        }

        var id = DeadLetter.IntakeId(at.Topic, at.Partition, at.Offset);
        var letter = new DeadLetter
        {
            Id = id, Stage = DeadLetter.Intake, Reason = exception.Message, Since = UtcInstant.Now(time), Payload = record.Value.ToArray(),
            Topic = at.Topic, Partition = at.Partition, Offset = at.Offset, RecordKey = record.KeyIsNull ? null : record.Key.ToArray(),
            RecordHeaders = record.Headers.ToArray(), RecordTimestampMs = record.TimestampMs,
        };
        var buffer = new ByteBuffer();
        lock (sync)
        {
            letters.Write(letter, new(buffer));
        }

        return new DeserializationHandlerResponse.DeadLetter(deadLetters, Encoding.UTF8.GetBytes(id), buffer.Written.ToArray());
    }
}
