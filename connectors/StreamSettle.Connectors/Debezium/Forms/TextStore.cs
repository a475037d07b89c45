using System.Text.Json;
using System.Text.Unicode;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Debezium.Forms;

/// <summary>Where a string of the record stands: in the record itself, or unescaped in the store's scratch.</summary>
internal readonly record struct TextRange(int Start, int Length, bool InScratch);

/// <summary>Keeps the strings of one record without allocating: those that stand in it in place, the others in a scratch.</summary>
internal sealed class TextStore
{
    byte[] scratch = new byte[4096];
    int used;

    /// <summary>Unescaping never makes text longer, so that the body's length is room enough for all of it.</summary>
    public void Begin(int bodyLength)
    {
        used = 0;
        if (scratch.Length < bodyLength)
        {
            scratch = new byte[bodyLength * 2];
        }
    }

    /// <summary>The string token that the reader stands on.</summary>
    /// <exception cref="SerdeException">It is no valid UTF-8.</exception>
    public TextRange Take(ref Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped)
        {
            var length = reader.CopyString(scratch.AsSpan(used));
            used += length;
            return new(used - length, length, true);
        }

        return Utf8.IsValid(reader.ValueSpan)
            ? new((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length, false)
            : throw new SerdeException("a string is not valid UTF-8");
    }

    /// <summary>Text that is valid; where it is not in the body it is kept.</summary>
    public TextRange Take(ReadOnlySpan<byte> text, ReadOnlySpan<byte> body)
    {
        if (body.Overlaps(text, out var start))
        {
            return new(start, text.Length, false);
        }

        if (used + text.Length > scratch.Length)
        {
            Array.Resize(ref scratch, (used + text.Length) * 2);
        }

        text.CopyTo(scratch.AsSpan(used));
        used += text.Length;
        return new(used - text.Length, text.Length, true);
    }

    public ReadOnlySpan<byte> Get(TextRange range, ReadOnlySpan<byte> body) =>
        range.InScratch ? scratch.AsSpan(range.Start, range.Length) : body.Slice(range.Start, range.Length);
}
