using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.EventLog;

/// <summary>Events in order, with the position of each: what one transaction appends. Reused after <see cref="Clear"/>. Not thread-safe.</summary>
/// <param name="logIdentity">The log that the positions belong to.</param>
public sealed class EventBatch(Guid logIdentity)
{
    /// <summary>Most events in a batch: what one transaction holds, so that sequence numbers wait briefly for their commit.</summary>
    public const int MaxEvents = 4096;

    /// <summary>Bytes of records from which on a batch is full. One record may go beyond it.</summary>
    public const int FullBytes = 8 * 1024 * 1024;

    readonly List<BatchEntry> entries = [];
    readonly List<SourcePartition> sources = [];
    readonly List<long> nextOffsets = [];
    readonly ByteBuffer records = new();

    public Guid LogIdentity { get; } = logIdentity;

    public bool IsFull => entries.Count >= MaxEvents || records.Length >= FullBytes;

    public IReadOnlyList<BatchEntry> Entries => entries;

    public IReadOnlyList<SourcePartition> Sources => sources;

    /// <summary>Where each of <see cref="Sources"/> goes on after this batch.</summary>
    public IReadOnlyList<long> NextOffsets => nextOffsets;

    /// <summary>Copies a record of <c>settlement-events</c>.</summary>
    /// <param name="offset">Above that of the partition's record before.</param>
    /// <exception cref="CorruptStateException">The record is no event of ours.</exception>
    /// <exception cref="BrokenInvariantException">The batch is full, or the partition's offsets do not rise.</exception>
    public void Add(SourcePartition source, long offset, ReadOnlySpan<byte> record)
    {
        if (IsFull)
        {
            throw new BrokenInvariantException($"a batch holds at most {MaxEvents} events");
        }

        var happened = EventCodec.Read(record);
        var index = Advance(source, offset);
        entries.Add(new(index, offset, happened.OrderId, happened.Kind, happened.Id, records.Length, record.Length, happened.Json.Length));
        records.Write(record);
    }

    /// <summary>The entry's record.</summary>
    public EventRecord Record(BatchEntry entry) => EventCodec.Read(records.Written.Slice(entry.RecordStart, entry.RecordLength));

    /// <summary>The entry's body, UTF-8; valid until the batch changes.</summary>
    public ReadOnlyMemory<byte> Json(BatchEntry entry) =>
        // The body is the record's last field.
        records.WrittenMemory.Slice(entry.RecordStart + entry.RecordLength - entry.JsonLength, entry.JsonLength);

    public void Clear()
    {
        entries.Clear();
        sources.Clear();
        nextOffsets.Clear();
        records.Clear();
    }

    int Advance(SourcePartition source, long offset)
    {
        // A linear search: a batch comes from a few partitions, mostly the last one again.
        var index = sources.LastIndexOf(source);
        if (index < 0)
        {
            sources.Add(source);
            nextOffsets.Add(offset + 1);
            return sources.Count - 1;
        }

        if (offset < nextOffsets[index])
        {
            throw new BrokenInvariantException($"offset {offset} of {source} comes after {nextOffsets[index] - 1}");
        }

        nextOffsets[index] = offset + 1;
        return index;
    }
}
