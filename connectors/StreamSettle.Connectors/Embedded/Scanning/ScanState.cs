using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Connectors.Embedded.Scanning;

/// <summary>How far a scan has come; committed to the log together with the rows that it stands for.</summary>
/// <remarks>
/// <code>
/// version(1)=1 | id, by (strings) | fromUs, toUs (nullable varints) | startedUs(8) | endedUs(nullable varint) | stopped(1)
/// | shards(count): first, end (nullable varints), rows(varint), done(1), hasCursor(1) [completedAt(string), order(varint)]
/// </code>
/// </remarks>
public sealed record ScanState(ScanRequest Request, UtcInstant Started, IReadOnlyList<ScanShard> Shards)
{
    /// <summary>The name under which the log keeps it.</summary>
    public const string MetadataName = "scan";

    const byte Version = 1;

    /// <summary>When its last row was read, or it was given up; null while it goes on.</summary>
    public UtcInstant? Ended { get; init; }

    /// <summary>A person gave it up.</summary>
    public bool IsStopped { get; init; }

    public long Rows => Shards.Sum(shard => shard.Rows);

    public int ShardsDone => Shards.Count(shard => shard.IsDone);

    public byte[] ToBytes()
    {
        var bytes = new ByteBuffer(4096);
        var to = new ByteWriter(bytes);
        to.Byte(Version);
        to.String(Request.Id);
        to.String(Request.By);
        to.NullableVarInt64(Request.From?.Microseconds);
        to.NullableVarInt64(Request.To?.Microseconds);
        to.Int64(Started.Microseconds);
        to.NullableVarInt64(Ended?.Microseconds);
        to.Bool(IsStopped);
        to.VarUInt64((ulong)Shards.Count);
        foreach (var shard in Shards)
        {
            to.NullableVarInt64(shard.First);
            to.NullableVarInt64(shard.End);
            to.VarInt64(shard.Rows);
            to.Bool(shard.IsDone);
            to.Bool(shard.Cursor is not null);
            if (shard.Cursor is { } cursor)
            {
                to.String(cursor.CompletedAt);
                to.VarInt64(cursor.Order);
            }
        }

        return bytes.Written.ToArray();
    }

    /// <exception cref="CorruptStateException">The bytes are no state of ours.</exception>
    public static ScanState Read(ReadOnlySpan<byte> source)
    {
        var from = new ByteReader(source);
        var version = from.Byte();
        if (version != Version)
        {
            throw new CorruptStateException($"the scan's state has version {version}, this program knows {Version}");
        }

        var request = new ScanRequest(from.String(), from.String(), Instant(from.NullableVarInt64()), Instant(from.NullableVarInt64()));
        var (started, ended, stopped) = (new UtcInstant(from.Int64()), Instant(from.NullableVarInt64()), from.Bool());
        var shards = new ScanShard[from.Count()];
        for (var i = 0; i < shards.Length; i++)
        {
            shards[i] = new(from.NullableVarInt64(), from.NullableVarInt64())
            {
                Rows = from.VarInt64(), IsDone = from.Bool(), Cursor = from.Bool() ? new ScanCursor(from.String(), from.VarInt64()) : null,
            };
        }

        return new(request, started, shards) { Ended = ended, IsStopped = stopped };
    }

    /// <summary>The same after a page of a shard.</summary>
    public ScanState After(int at, ScanShard shard, UtcInstant now)
    {
        ScanShard[] shards = [.. Shards];
        shards[at] = shard;
        return this with { Shards = shards, Ended = shards.All(one => one.IsDone) ? now : null };
    }

    static UtcInstant? Instant(long? us) => us is { } at ? new UtcInstant(at) : null;
}
