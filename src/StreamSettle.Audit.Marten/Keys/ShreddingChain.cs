using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using StreamSettle.Audit.Proofs;

namespace StreamSettle.Audit.Marten.Keys;

/// <summary>The hash of shreddings' records, each chained to the one before.</summary>
/// <remarks>
/// SHA-256 of a zero byte, the hash of the record before (32 zero bytes for the first), and of the record its number, merchant, count of keys, by whom, reason, request and time, each as four bytes of length,
/// big-endian, and UTF-8; numbers in decimal, the time in ISO 8601.
/// </remarks>
internal static class ShreddingChain
{
    public static TreeHash Next(TreeHash before, Shredding one)
    {
        using var entry = new MemoryStream();
        var previous = new byte[TreeHash.Size];
        before.Write(previous);
        entry.Write(previous);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var text in (string[])[Whole(one.Number), one.Merchant, Whole(one.Keys), one.By, one.Reason, one.Request, one.At.ToString()])
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            entry.Write(length);
            entry.Write(bytes);
        }

        return TreeHash.Leaf(entry.ToArray());
    }

    static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);
}
