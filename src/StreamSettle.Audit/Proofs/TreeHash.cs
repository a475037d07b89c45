using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Proofs;

/// <summary>A SHA-256 in a Merkle tree, hashed as RFC 9162 (2.1.1) says: leaves and nodes begin with different bytes, so that neither can stand for the other.</summary>
/// <remarks>The four parts are the hash's 32 bytes, big-endian, in their order. Hashing allocates nothing.</remarks>
public readonly record struct TreeHash(ulong A, ulong B, ulong C, ulong D)
{
    /// <summary>Bytes.</summary>
    public const int Size = SHA256.HashSizeInBytes;

    const byte LeafPrefix = 0;
    const byte NodePrefix = 1;

    /// <summary>Most entries are below it, and need no buffer of the pool.</summary>
    const int StackBytes = 1024;

    /// <summary>Of a tree without leaves: the hash of nothing.</summary>
    public static TreeHash Empty { get; } = Hash([]);

    /// <summary>SHA-256 of 0x00 and the entry.</summary>
    public static TreeHash Leaf(ReadOnlySpan<byte> entry)
    {
        var rented = entry.Length < StackBytes ? null : ArrayPool<byte>.Shared.Rent(entry.Length + 1);
        var input = rented is null ? stackalloc byte[StackBytes] : rented;
        input[0] = LeafPrefix;
        entry.CopyTo(input[1..]);
        var hash = Hash(input[..(entry.Length + 1)]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return hash;
    }

    /// <summary>As <see cref="Leaf"/>, of an entry that already has a byte before it, which is overwritten.</summary>
    public static TreeHash LeafInPlace(Span<byte> entryBehindOne)
    {
        entryBehindOne[0] = LeafPrefix;
        return Hash(entryBehindOne);
    }

    /// <summary>SHA-256 of 0x01 and both children.</summary>
    public static TreeHash Node(TreeHash left, TreeHash right)
    {
        Span<byte> input = stackalloc byte[1 + 2 * Size];
        input[0] = NodePrefix;
        left.Write(input[1..]);
        right.Write(input[(1 + Size)..]);
        return Hash(input);
    }

    /// <exception cref="CorruptStateException">There are not <see cref="Size"/> bytes.</exception>
    public static TreeHash Read(ReadOnlySpan<byte> source) => source.Length == Size
        ? new(BinaryPrimitives.ReadUInt64BigEndian(source), BinaryPrimitives.ReadUInt64BigEndian(source[8..]), BinaryPrimitives.ReadUInt64BigEndian(source[16..]), BinaryPrimitives.ReadUInt64BigEndian(source[24..]))
        : throw new CorruptStateException($"a hash of the Merkle tree has {source.Length} bytes, expected {Size}");

    /// <summary>Reads what <see cref="ToString"/> writes; null for anything else.</summary>
    public static TreeHash? Parse(string text)
    {
        Span<byte> bytes = stackalloc byte[Size];
        return text.Length == 2 * Size && !text.Any(char.IsAsciiLetterUpper) && Convert.FromHexString(text, bytes, out _, out _) == OperationStatus.Done ? Read(bytes) : null;
    }

    /// <summary>Writes the first <see cref="Size"/> bytes of <paramref name="destination"/>.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, A);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], B);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], C);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], D);
    }

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        Write(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    static TreeHash Hash(ReadOnlySpan<byte> input)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(input, hash);
        return Read(hash);
    }
}
