using StreamSettle.Kernel.Bytes;

namespace StreamSettle.Audit.Marten.Keys;

/// <summary>The bodies of a batch whose personal fields are encrypted. Reused after <see cref="Begin"/>.</summary>
internal sealed class ProtectedBodies
{
    readonly Dictionary<int, (int Start, int Length)> places = [];

    /// <summary>How many there had been when the keys were read.</summary>
    public long Shreddings { get; private set; }

    public ByteBuffer Bytes { get; } = new(64 * 1024);

    public void Begin(long shreddings)
    {
        Shreddings = shreddings;
        places.Clear();
        Bytes.Clear();
    }

    /// <summary>What was written since <paramref name="start"/> is the body of the record at that place of the batch.</summary>
    public void Add(int record, int start) => places.Add(record, (start, Bytes.Length - start));

    /// <summary>False for a body that stays as it is.</summary>
    public bool TryGet(int record, out ReadOnlyMemory<byte> json)
    {
        var isThere = places.TryGetValue(record, out var place);
        json = isThere ? Bytes.WrittenMemory.Slice(place.Start, place.Length) : default;
        return isThere;
    }
}
