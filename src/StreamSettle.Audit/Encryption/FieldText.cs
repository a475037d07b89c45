using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Audit.Encryption;

/// <summary>An encrypted field as it stands in an event.</summary>
/// <remarks><code>enc1.KEYID.ORDER.CIPHER   KEYID: 16 bytes, CIPHER: nonce | ciphertext | tag, both Base64url without padding; ORDER: decimal</code></remarks>
/// <param name="Order">The order that it was written for; readers who know the row's compare it.</param>
internal readonly record struct FieldText(Guid Key, OrderId Order, byte[] Cipher)
{
    const int KeyChars = 22;
    const int KeyBytes = 16;
    const byte Dot = (byte)'.';

    /// <summary>How one begins.</summary>
    public static ReadOnlySpan<byte> Mark => "enc1."u8;

    public static void Write(ByteBuffer to, Guid key, OrderId order, ReadOnlySpan<byte> cipher)
    {
        to.Write(Mark);
        Span<byte> id = stackalloc byte[KeyBytes];
        key.TryWriteBytes(id, bigEndian: true, out _);
        Base64Url.EncodeToUtf8(id, to.GetSpan(KeyChars), out _, out var written);
        to.Advance(written);
        to.Write("."u8);
        order.Value.TryFormat(to.GetSpan(20), out written, provider: CultureInfo.InvariantCulture);
        to.Advance(written);
        to.Write("."u8);
        Base64Url.EncodeToUtf8(cipher, to.GetSpan(Base64Url.GetEncodedLength(cipher.Length)), out _, out written);
        to.Advance(written);
    }

    /// <summary>False for what is no encrypted field, however it begins: a system may answer with anything.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out FieldText field)
    {
        field = default;
        if (!text.StartsWith(Mark) || text.Length < Mark.Length + KeyChars + 1 || text[Mark.Length + KeyChars] != Dot)
        {
            return false;
        }

        var rest = text[(Mark.Length + KeyChars + 1)..];
        var dot = rest.IndexOf(Dot);
        Span<byte> id = stackalloc byte[KeyBytes];
        if (dot < 0 || !long.TryParse(rest[..dot], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var order)
            || Base64Url.DecodeFromUtf8(text.Slice(Mark.Length, KeyChars), id, out _, out var idBytes) != OperationStatus.Done || idBytes != KeyBytes)
        {
            return false;
        }

        var cipher = new byte[Base64Url.GetMaxDecodedLength(rest.Length - dot - 1)];
        if (Base64Url.DecodeFromUtf8(rest[(dot + 1)..], cipher, out _, out var length) != OperationStatus.Done)
        {
            return false;
        }

        field = new(new(id, bigEndian: true), new(order), cipher[..length]);
        return true;
    }
}
