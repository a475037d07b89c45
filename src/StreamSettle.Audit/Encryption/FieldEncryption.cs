using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Audit.Encryption;

/// <summary>An event's JSON with its personal fields encrypted. The same event and key give the same bytes.</summary>
internal static class FieldEncryption
{
    const int StackBytes = 1024;

    /// <summary>Appends the whole body.</summary>
    public static void Write(in EventBody body, OrderId order, DataKey key, ByteBuffer to)
    {
        var id = body.IdIn(order);
        var written = 0;
        foreach (var i in body.Present)
        {
            var quoted = body.Json[body[i]];
            to.Write(body.Json[written..body[i].Start.Value]);
            written = body[i].End.Value;
            to.Write("\""u8);
            WriteField(PersonalFields.Of(body.Kind)[i], (order, id), quoted, key, to);
            to.Write("\""u8);
        }

        to.Write(body.Json[written..]);
    }

    static void WriteField(PersonalField field, (OrderId Order, Guid Id) of, ReadOnlySpan<byte> quoted, DataKey key, ByteBuffer to)
    {
        Span<byte> buffer = quoted.Length <= StackBytes ? stackalloc byte[StackBytes] : new byte[quoted.Length];
        var text = buffer[..EventBody.Text(quoted, buffer)];
        var beginning = field.KeepsCode ? ReasonCode.LengthIn(text) : 0;
        to.Write(text[..beginning]);
        if (beginning == text.Length)
        {
            return;
        }

        var length = text.Length - beginning + DataKey.Overhead;
        Span<byte> cipher = length <= StackBytes ? stackalloc byte[StackBytes] : new byte[length];
        key.Encrypt(new() { Order = of.Order, Event = of.Id, Member = field.Name, Beginning = text[..beginning] }, text[beginning..], cipher[..length]);
        FieldText.Write(to, key.Id, of.Order, cipher[..length]);
    }
}
