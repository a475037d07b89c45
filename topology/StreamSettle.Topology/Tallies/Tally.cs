using StreamSettle.Kernel.Bytes;

namespace StreamSettle.Topology.Tallies;

/// <summary>Numbers of one task: written by its thread alone, read by any. Kept in the task's store, so that a restart goes on from them.</summary>
/// <remarks><code>version(1)=1 | numbers(count) { signed varint }...</code> Numbers that a later program has more are 0.</remarks>
sealed class Tally(int size)
{
    const byte Version = 1;

    readonly long[] numbers = new long[size];

    public long this[int at] => Volatile.Read(ref numbers[at]);

    /// <summary>Something was added since the last write.</summary>
    public bool IsChanged { get; private set; }

    public void Add(int at, long more)
    {
        if (more != 0)
        {
            Volatile.Write(ref numbers[at], numbers[at] + more);
            IsChanged = true;
        }
    }

    public void Write(ByteWriter to)
    {
        to.Byte(Version);
        to.VarUInt64((ulong)numbers.Length);
        foreach (var number in numbers)
        {
            to.VarInt64(number);
        }

        IsChanged = false;
    }

    /// <summary>Takes over what was kept; of another version nothing.</summary>
    public void Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        if (from.Byte() != Version)
        {
            return;
        }

        for (var (i, count) = (0, from.Count()); i < count; i++)
        {
            var number = from.VarInt64();
            if (i < numbers.Length)
            {
                Volatile.Write(ref numbers[i], number);
            }
        }
    }
}
