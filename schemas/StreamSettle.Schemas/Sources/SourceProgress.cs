using StreamSettle.Kernel.Bytes;

namespace StreamSettle.Schemas.Sources;

/// <summary>
/// Everything that stood in the source at an instant is in the log: a record of <see cref="Topic"/>, written by whoever brings the source into the log, or sees it brought,
/// when that is committed there, keyed by the run. The topic's partition 0 has them all.
/// </summary>
/// <param name="Run">The run of the process whose clock <paramref name="At"/> is of: for every other one it is no instant at all.</param>
/// <param name="At">The instant, as the run's <see cref="TimeProvider.GetTimestamp"/> tells it: taken before the source was asked where it stands.</param>
/// <param name="Ends">End offset of each partition of the topic of orders when all of it was in the log.</param>
/// <remarks><code>version(1)=2 | run | at(varint) | partitions(varuint) | end(varint) a partition | whole end(varint) a partition</code></remarks>
public sealed record SourceProgress(string Run, long At, IReadOnlyList<long> Ends)
{
    public const string Topic = "source-progress";

    const byte Version = 2;

    /// <summary>A version that knew no whole ends: each end stood between two transactions.</summary>
    const byte WithoutWhole = 1;

    /// <summary>
    /// Of each partition an offset, at most its end: of every transaction that has a record below it all records lie below the ends. By default the ends themselves,
    /// which then stand between two transactions.
    /// </summary>
    public IReadOnlyList<long> WholeEnds { get; init; } = Ends;

    public void Write(ByteWriter to)
    {
        to.Byte(Version);
        to.String(Run);
        to.VarInt64(At);
        to.VarUInt64((ulong)Ends.Count);
        foreach (var end in Ends.Concat(WholeEnds))
        {
            to.VarInt64(end);
        }
    }

    /// <exception cref="Kernel.Failures.CorruptStateException">The bytes are no such record.</exception>
    public static SourceProgress Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        var version = from.Byte();
        if (version is not (Version or WithoutWhole))
        {
            throw new Kernel.Failures.CorruptStateException($"a record of {Topic} has version {version}, this program knows {Version}");
        }

        var (run, at) = (from.String(), from.VarInt64());
        var ends = new long[from.Count()];
        Fill(ends, ref from);
        var whole = version == WithoutWhole ? ends : new long[ends.Length];
        if (version != WithoutWhole)
        {
            Fill(whole, ref from);
        }

        return new(run, at, ends) { WholeEnds = whole };
    }

    static void Fill(long[] offsets, ref ByteReader from)
    {
        for (var partition = 0; partition < offsets.Length; partition++)
        {
            offsets[partition] = from.VarInt64();
        }
    }
}
