using StreamSettle.Streams.Log;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Serdes;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Errors;

/// <summary>Decides about a record that its source cannot read, as Kafka Streams' handler of that name (KIP-1033, KIP-1034). On the task's thread.</summary>
/// <param name="record">The bytes as they were; valid during the call.</param>
public delegate DeserializationHandlerResponse DeserializationExceptionHandler(ErrorHandlerContext context, scoped in RawRecord record, SerdeException exception);

/// <summary>Where an error arose.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="ProcessorNodeId">The node: of a record that cannot be read the source.</param>
/// <param name="Record">Topic, partition and offset.</param>
public sealed record ErrorHandlerContext(TaskId TaskId, string ProcessorNodeId, RecordMetadata Record);

/// <summary>What is done with a record that cannot be read.</summary>
public abstract record DeserializationHandlerResponse
{
    /// <summary>The thread stops with the exception; nothing is committed. The default.</summary>
    public sealed record Fail : DeserializationHandlerResponse;

    /// <summary>The record is skipped.</summary>
    public sealed record Continue : DeserializationHandlerResponse;

    /// <summary>The record is skipped, and this one is written in the same transaction, with the timestamp and partitioned by the key.</summary>
    /// <param name="Topic">A topic of the topology (<c>AddTopic</c>).</param>
    /// <param name="Key">Null for none.</param>
    /// <param name="Value">Null for none.</param>
    public sealed record DeadLetter(string Topic, byte[]? Key, byte[]? Value) : DeserializationHandlerResponse
    {
        /// <summary>Encoded headers (<see cref="Records.Headers.Encode"/>); empty for none.</summary>
        public byte[] Headers { get; init; } = [];
    }
}
