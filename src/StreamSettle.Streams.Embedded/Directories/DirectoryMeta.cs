using System.Buffers.Binary;
using System.Text;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.RocksDb;

namespace StreamSettle.Streams.Embedded.Directories;

/// <summary>What the directory knows about itself, and the named values of its users.</summary>
/// <remarks><code>
///  "identity" -> guid(16, BE)   "partitions" -> count(4, BE)   "user/" name(UTF-8) -> bytes
/// </code></remarks>
internal sealed class DirectoryMeta(Database database, ColumnFamily family)
{
    const int GuidSize = 16;

    public static byte[] UserKey(string name) => Encoding.UTF8.GetBytes("user/" + name);

    public byte[]? Read(ReadOnlySpan<byte> key)
    {
        var buffer = new byte[64];
        var length = database.Get(family, key, ref buffer);
        return length < 0 ? null : buffer[..length];
    }

    /// <summary>The identity of the first open; made and kept now where there is none.</summary>
    public (Guid Identity, bool IsNew) IdentityOrNew(Func<Guid> newIdentity, int partitions)
    {
        if (Identity(partitions) is { } kept)
        {
            return (kept, false);
        }

        var identity = newIdentity();
        var count = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(count, partitions);
        var batch = new WriteBatch();
        batch.Put(family, "identity"u8, identity.ToByteArray(bigEndian: true));
        batch.Put(family, "partitions"u8, count);
        database.Write(batch, sync: true);
        return (identity, true);
    }

    /// <summary>Null before the first open.</summary>
    public Guid? Identity(int partitions)
    {
        if (Read("identity"u8) is not { } kept)
        {
            return null;
        }

        CheckPartitions(partitions);
        return kept.Length == GuidSize
            ? new Guid(kept, bigEndian: true)
            : throw new CorruptStateException($"the identity in {database.Directory} has {kept.Length} bytes, expected {GuidSize}; restore the directory from a backup");
    }

    void CheckPartitions(int wanted)
    {
        var found = Read("partitions"u8) is { Length: sizeof(int) } kept
            ? BinaryPrimitives.ReadInt32BigEndian(kept)
            : throw new CorruptStateException($"the partition count in {database.Directory} is missing; restore the directory from a backup");
        if (found != wanted)
        {
            throw new UserMistakeException(
                $"Partitions is {wanted}, but the state in {database.Directory} was made with {found}; the count is fixed at the first start: set Partitions back to {found}");
        }
    }
}
