using System.Buffers;
using System.Buffers.Text;
using StreamSettle.Kernel.Bytes;

namespace StreamSettle.Connectors.Json;

/// <summary>Writes JSON tokens as Jackson does for Debezium: UTF-8 as it is, only quotes, backslashes and control characters escaped.</summary>
internal static class JsonText
{
    static readonly SearchValues<byte> Escaped = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(i => (byte)i), (byte)'"', (byte)'\\']);

    public static void Number(ByteBuffer to, long value)
    {
        Utf8Formatter.TryFormat(value, to.GetSpan(20), out var length);
        to.Advance(length);
    }

    /// <summary>A quoted string of UTF-8 text.</summary>
    public static void Text(ByteBuffer to, ReadOnlySpan<byte> text)
    {
        to.Write("\""u8);
        for (var at = text.IndexOfAny(Escaped); at >= 0; at = text.IndexOfAny(Escaped))
        {
            to.Write(text[..at]);
            Escape(to, text[at]);
            text = text[(at + 1)..];
        }

        to.Write(text);
        to.Write("\""u8);
    }

    static void Escape(ByteBuffer to, byte character)
    {
        var shortForm = character switch
        {
            (byte)'"' => "\\\""u8,
            (byte)'\\' => "\\\\"u8,
            (byte)'\n' => "\\n"u8,
            (byte)'\r' => "\\r"u8,
            (byte)'\t' => "\\t"u8,
            (byte)'\b' => "\\b"u8,
            (byte)'\f' => "\\f"u8,
            _ => default,
        };
        if (!shortForm.IsEmpty)
        {
            to.Write(shortForm);
            return;
        }

        to.Write("\\u00"u8);
        Utf8Formatter.TryFormat(character, to.GetSpan(2), out var length, new StandardFormat('X', 2));
        to.Advance(length);
    }
}
