using System.Buffers.Text;
using System.Text.Json;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Debezium.Forms;

/// <summary>
/// <c>source.sequence</c>, JSON text in a string: <c>["26746680","26746912"]</c>, the end of the last transaction before this one that the connector saw
/// (null when it saw none yet) and the place of the change. The embedded source writes the commit of the change's own transaction as the first.
/// </summary>
internal static class SourceSequence
{
    const int MaxBytes = 128;

    /// <exception cref="SerdeException">It is no such text: an order of changes must not be guessed.</exception>
    public static (long? Commit, long? Lsn) Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return (null, null);
        }

        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > MaxBytes)
        {
            throw Odd();
        }

        Span<byte> text = stackalloc byte[MaxBytes];
        return Read(text[..reader.CopyString(text)]);
    }

    /// <exception cref="SerdeException">It is no such text.</exception>
    public static (long? Commit, long? Lsn) Read(ReadOnlySpan<byte> list)
    {
        var comma = list.IndexOf((byte)',');
        return comma > 0 && list[0] == '[' && list[^1] == ']'
            ? (Part(list[1..comma]), Part(list[(comma + 1)..^1]))
            : throw Odd();
    }

    static long? Part(ReadOnlySpan<byte> part)
    {
        part = part.Trim((byte)' ');
        if (part.SequenceEqual("null"u8))
        {
            return null;
        }

        var digits = part.Trim((byte)'"');
        return Utf8Parser.TryParse(digits, out long value, out var used) && used == digits.Length && value >= 0 ? value : throw Odd();
    }

    static SerdeException Odd() => new("source.sequence is no list of two positions");
}
