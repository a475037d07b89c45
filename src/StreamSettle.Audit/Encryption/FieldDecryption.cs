using System.Text;
using System.Text.Json;
using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Audit.Encryption;

/// <summary>An event's JSON with its personal fields as texts again, or with what stands for those that cannot be read. Bodies that were never encrypted stay as they are.</summary>
internal static class FieldDecryption
{
    /// <summary>Stands for a text whose key was destroyed.</summary>
    public const string Shredded = "shredded";

    /// <summary>Whether there may be an encrypted field in a body; false for most bodies, at little cost.</summary>
    public static bool MayHave(ReadOnlySpan<byte> json) => json.IndexOf(FieldText.Mark) >= 0;

    /// <summary>The keys by which fields of a body are encrypted.</summary>
    public static IEnumerable<Guid> KeysOf(EventKind kind, byte[] json)
    {
        List<Guid> keys = [];
        var body = EventBody.Read(kind, json);
        foreach (var i in body.Present)
        {
            if (TryRead(body, i, out _, out var field))
            {
                keys.Add(field.Key);
            }
        }

        return keys;
    }

    /// <param name="order">The order of the row; null where the reader does not know it, and takes that which the field names.</param>
    /// <param name="keyOf">Null for a key that the event log does not have: then the text is no encrypted field of ours, and stays.</param>
    /// <returns>Null where nothing is to be changed.</returns>
    public static byte[]? Open(EventKind kind, OrderId? order, ReadOnlySpan<byte> json, Func<Guid, FieldKey?> keyOf)
    {
        var body = EventBody.Read(kind, json);
        var opened = new ByteBuffer(json.Length);
        var written = 0;
        foreach (var i in body.Present)
        {
            if (!TryRead(body, i, out var beginning, out var field) || keyOf(field.Key) is not { } key)
            {
                continue;
            }

            opened.Write(json[written..body[i].Start.Value]);
            written = body[i].End.Value;
            var place = new FieldPlace { Order = order ?? field.Order, Event = body.IdIn(order ?? field.Order), Member = PersonalFields.Of(kind)[i].Name, Beginning = beginning };
            WriteText(opened, [.. beginning, .. Text(place, field, key)]);
        }

        if (written == 0)
        {
            return null;
        }

        opened.Write(json[written..]);
        return opened.Written.ToArray();
    }

    static byte[] Text(in FieldPlace place, FieldText field, FieldKey key) => key switch
    {
        FieldKey.Open open => open.Key.Decrypt(place, field.Cipher) ?? Encoding.UTF8.GetBytes("unreadable (it was altered, or belongs to another event: streamsettle audit verify)"),
        FieldKey.Shredded => Encoding.UTF8.GetBytes(Shredded),
        FieldKey.Closed closed => Encoding.UTF8.GetBytes($"encrypted ({closed.Why})"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    static bool TryRead(in EventBody body, int i, out byte[] beginning, out FieldText field)
    {
        var quoted = body.Json[body[i]];
        var text = new byte[quoted.Length].AsSpan();
        text = text[..EventBody.Text(quoted, text)];
        var readable = PersonalFields.Of(body.Kind)[i].KeepsCode ? ReasonCode.LengthIn(text) : 0;
        beginning = text[..readable].ToArray();
        return FieldText.TryRead(text[readable..], out field);
    }

    static void WriteText(ByteBuffer to, byte[] text)
    {
        using var json = new Utf8JsonWriter(to);
        json.WriteStringValue(text);
    }
}
