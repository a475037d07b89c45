using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Streams.Records;

namespace StreamSettle.Topology.Orders;

/// <summary>A record of a source topic as it was, to be set aside with everything that its reading rests on.</summary>
readonly ref struct SourceRecord
{
    public required RecordMetadata At { get; init; }

    public required long TimestampMs { get; init; }

    public bool KeyIsNull { get; init; }

    public ReadOnlySpan<byte> Key { get; init; }

    public Headers Headers { get; init; }

    public ReadOnlySpan<byte> Value { get; init; }

    /// <summary>As a dead letter's id and a cause in events name it: <c>shop.public.orders-3@77</c>.</summary>
    public string Name => NameOf(At);

    public static string NameOf(RecordMetadata at) => DeadLetter.IntakeId(at.Topic!, at.Partition, at.Offset);
}
