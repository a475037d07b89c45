namespace StreamSettle.Audit.Marten.Sealing;

/// <summary>Whole tuples of a binary COPY, one behind the other. Used again and again.</summary>
internal sealed class CopyChunk
{
    const int InitialBytes = 256 * 1024;

    /// <summary>Most tuples of a chunk: a block of the tree a few times.</summary>
    public const int MaxTuples = 2048;

    public byte[] Bytes { get; private set; } = new byte[InitialBytes];

    /// <summary>Bytes that are filled; behind the last tuple those of one that has not come whole.</summary>
    public int Filled { get; set; }

    /// <summary>Where each tuple begins and ends.</summary>
    public List<(int Start, int End)> Tuples { get; } = new(MaxTuples);

    /// <summary>The end of the last whole tuple.</summary>
    public int Whole { get; set; }

    public bool IsFull => Tuples.Count >= MaxTuples;

    public Memory<byte> Free => Bytes.AsMemory(Filled);

    /// <summary>Begins anew with what another chunk has behind its last whole tuple.</summary>
    public void TakeRest(CopyChunk other)
    {
        var rest = other.Bytes.AsSpan(other.Whole, other.Filled - other.Whole);
        (Filled, Whole) = (rest.Length, 0);
        Tuples.Clear();
        while (Bytes.Length < rest.Length)
        {
            Grow();
        }

        rest.CopyTo(Bytes);
    }

    public void Clear()
    {
        (Filled, Whole) = (0, 0);
        Tuples.Clear();
    }

    public void Grow()
    {
        var larger = new byte[Bytes.Length * 2];
        Bytes.AsSpan(0, Filled).CopyTo(larger);
        Bytes = larger;
    }
}
