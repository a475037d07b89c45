using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Kernel.DeadLetters;

/// <summary>What could not be done and waits for a person: a value of the compacted topic <c>dead-letters</c>, whose key is <see cref="Id"/> in UTF-8. A tombstone takes it off the list.</summary>
/// <remarks><code>version(1)=3 | id | stage | order(nullable varint) | merchant(nullable varint) | reason | sinceUs(8) | attempts(varint) | payload(span) | topic(nullable) | partition(varint) | offset(signed varint) | recordKey(nullable span) | recordHeaders(span) | recordTimestampMs(signed varint) | discardedBy(nullable)</code></remarks>
public sealed record DeadLetter : IBinary<DeadLetter>
{
    const byte Version = 3;

    /// <summary>The stage of a source record that could not be read.</summary>
    public const string Intake = "intake";

    /// <summary>The call's key (<c>42:split:0</c>), or <c>topic-partition@offset</c> of a record that could not be read.</summary>
    public required string Id { get; init; }

    /// <summary>A leg's name, <c>calculation</c>, or <c>intake</c> for a record that could not be read.</summary>
    public required string Stage { get; init; }

    public long? OrderId { get; init; }

    public long? MerchantId { get; init; }

    public required string Reason { get; init; }

    public required UtcInstant Since { get; init; }

    /// <summary>POSTs made so far.</summary>
    public int Attempts { get; init; }

    /// <summary>The original bytes: the frozen body, or the unreadable record's value.</summary>
    public required byte[] Payload { get; init; }

    /// <summary>For intake: where the record stood.</summary>
    public string? Topic { get; init; }

    public int Partition { get; init; }

    public long Offset { get; init; }

    /// <summary>For intake: the record's key.</summary>
    public byte[]? RecordKey { get; init; }

    /// <summary>For intake: the record's headers, encoded; without them a changed primary key would be forgotten.</summary>
    public byte[] RecordHeaders { get; init; } = [];

    /// <summary>For intake: the record's timestamp.</summary>
    public long RecordTimestampMs { get; init; }

    /// <summary>Who gives it up, while its system is asked whether it happened; null while nobody does.</summary>
    public string? DiscardedBy { get; init; }

    /// <summary>The id of a record that could not be read: <c>shop.public.orders-3@77</c>.</summary>
    public static string IntakeId(string topic, int partition, long offset) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{topic}-{partition}@{offset}");

    public void Write(ByteWriter to)
    {
        to.Byte(Version);
        to.String(Id);
        to.String(Stage);
        to.NullableVarInt64(OrderId);
        to.NullableVarInt64(MerchantId);
        to.String(Reason);
        to.Int64(Since.Microseconds);
        to.VarUInt64((ulong)Attempts);
        to.Span(Payload);
        to.NullableString(Topic);
        to.VarUInt64((ulong)Partition);
        to.VarInt64(Offset);
        to.NullableSpan(RecordKey is null, RecordKey);
        to.Span(RecordHeaders);
        to.VarInt64(RecordTimestampMs);
        to.NullableString(DiscardedBy);
    }

    /// <exception cref="CorruptStateException">The bytes are no dead letter of ours.</exception>
    public static DeadLetter Read(ReadOnlySpan<byte> source)
    {
        var from = Begin(source);
        return new()
        {
            Id = from.String(),
            Stage = from.String(),
            OrderId = from.NullableVarInt64(),
            MerchantId = from.NullableVarInt64(),
            Reason = from.String(),
            Since = new(from.Int64()),
            Attempts = from.Count(),
            Payload = from.Span().ToArray(),
            Topic = from.NullableString(),
            Partition = from.Count(),
            Offset = from.VarInt64(),
            RecordKey = from.NullableSpan(out var noKey) is var key && noKey ? null : key.ToArray(),
            RecordHeaders = from.Span().ToArray(),
            RecordTimestampMs = from.VarInt64(),
            DiscardedBy = from.NullableString(),
        };
    }

    /// <summary>The stage alone: what else stands there may be large.</summary>
    /// <exception cref="CorruptStateException">The bytes are no dead letter of ours.</exception>
    public static string StageOf(ReadOnlySpan<byte> source)
    {
        var from = Begin(source);
        from.String();
        return from.String();
    }

    static ByteReader Begin(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        var version = from.Byte();
        return version == Version ? from : throw new CorruptStateException($"a dead letter has version {version}, this program knows {Version}");
    }
}
