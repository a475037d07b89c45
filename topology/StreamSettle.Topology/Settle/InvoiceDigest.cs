using System.Buffers.Binary;
using System.Security.Cryptography;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Topology.Settle;

/// <summary>
/// Tells whether an invoice is the one that bodies were made with, without having it: it may hold personal data, so it is in no event. A rebuild takes it from the source
/// again, where it may have been edited since.
/// </summary>
/// <remarks><code>hex of the first 8 bytes of sha256( orderId(8, BE) | invoice ); "none" without an invoice</code></remarks>
static class InvoiceDigest
{
    const string None = "none";
    const int Bytes = 8;
    const int StackBytes = 1024;

    /// <param name="invoice">As bodies take it in.</param>
    public static string Of(OrderId order, ReadOnlySpan<byte> invoice)
    {
        if (invoice.IsEmpty)
        {
            return None;
        }

        var length = sizeof(long) + invoice.Length;
        var input = length <= StackBytes ? stackalloc byte[length] : new byte[length];
        BinaryPrimitives.WriteInt64BigEndian(input, order.Value);
        invoice.CopyTo(input[sizeof(long)..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, hash);
        return Convert.ToHexStringLower(hash[..Bytes]);
    }
}
