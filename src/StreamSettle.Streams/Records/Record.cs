namespace StreamSettle.Streams.Records;

/// <summary>One record on its way through the topology: a view, valid while it is processed.</summary>
/// <typeparam name="TKey">What the source's key serde reads; may be a span or another ref struct.</typeparam>
/// <typeparam name="TValue">What the source's value serde reads; may be a span or another ref struct.</typeparam>
public readonly ref struct Record<TKey, TValue>
    where TKey : allows ref struct
    where TValue : allows ref struct
{
    /// <summary>The key; <c>default</c> where <see cref="KeyIsNull"/>.</summary>
    public required TKey Key { get; init; }

    /// <summary>The value; <c>default</c> where <see cref="IsTombstone"/>.</summary>
    public required TValue Value { get; init; }

    /// <summary>Milliseconds since the epoch, as Kafka keeps it.</summary>
    public required long TimestampMs { get; init; }

    /// <summary>The record has no value: a deletion in a compacted topic.</summary>
    public bool IsTombstone { get; init; }

    /// <summary>The record has no key: a sink spreads such records over its partitions.</summary>
    public bool KeyIsNull { get; init; }

    public Headers Headers { get; init; }
}
