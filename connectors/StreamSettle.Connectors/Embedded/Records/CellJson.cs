using System.Buffers;
using System.Buffers.Text;
using StreamSettle.Connectors.Json;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Connectors.Embedded.Records;

/// <summary>Writes a column's text, in the session settings of <see cref="Server.ServerConnections"/>, as Debezium's JSON value.</summary>
internal static class CellJson
{
    const long MicrosPerDay = 86_400_000_000;

    public static void Write(ByteBuffer to, CellKind kind, ReadOnlySpan<byte> text)
    {
        switch (kind)
        {
            case CellKind.Integer:
                to.Write(text);
                break;
            case CellKind.Bool:
                to.Write(text.SequenceEqual("t"u8) ? "true"u8 : "false"u8);
                break;
            case CellKind.Float when text[^1] is >= (byte)'0' and <= (byte)'9':
                to.Write(text);
                break;
            case CellKind.Numeric:
                JsonText.Text(to, Numeric(text));
                break;
            case CellKind.TimestampTz:
                TimestampTz(to, text);
                break;
            case CellKind.Timestamp:
                Micros(to, text, perUnit: 1);
                break;
            case CellKind.Date:
                Micros(to, text, MicrosPerDay);
                break;
            case CellKind.Bytes:
                Bytes(to, text);
                break;
            default:
                JsonText.Text(to, text);
                break;
        }
    }

    static ReadOnlySpan<byte> Numeric(ReadOnlySpan<byte> text) => text[^1] is >= (byte)'0' and <= (byte)'9' ? text : text switch
    {
        _ when text.SequenceEqual("NaN"u8) => "NAN"u8,
        _ when text.SequenceEqual("Infinity"u8) => "POSITIVE_INFINITY"u8,
        _ when text.SequenceEqual("-Infinity"u8) => "NEGATIVE_INFINITY"u8,
        _ => text,
    };

    /// <summary><c>2026-11-01 00:00:01.12+00</c> becomes <c>2026-11-01T00:00:01.120000Z</c>; infinities and years of another length stay as they are.</summary>
    static void TimestampTz(ByteBuffer to, ReadOnlySpan<byte> text)
    {
        const int seconds = 19;
        if (text.Length < seconds + 3 || text[10] != ' ' || !text[^3..].SequenceEqual("+00"u8))
        {
            JsonText.Text(to, text);
            return;
        }

        to.Write("\""u8);
        to.Write(text[..10]);
        to.Write("T"u8);
        to.Write(text[11..seconds]);
        to.Write("."u8);
        var fraction = text[seconds..^3];
        fraction = fraction.IsEmpty ? fraction : fraction[1..];
        to.Write(fraction);
        to.Write("000000"u8[fraction.Length..]);
        to.Write("Z\""u8);
    }

    static void Micros(ByteBuffer to, ReadOnlySpan<byte> text, long perUnit)
    {
        Span<byte> iso = stackalloc byte[64];
        var zero = perUnit == MicrosPerDay ? " 00:00:00Z"u8 : "Z"u8;
        if (text.Length + zero.Length > iso.Length)
        {
            JsonText.Text(to, text);
            return;
        }

        text.CopyTo(iso);
        zero.CopyTo(iso[text.Length..]);
        if (UtcInstant.TryParse(iso[..(text.Length + zero.Length)], out var instant))
        {
            JsonText.Number(to, instant.Microseconds / perUnit);
        }
        else
        {
            JsonText.Text(to, text);
        }
    }

    /// <summary><c>\xdeadbeef</c></summary>
    static void Bytes(ByteBuffer to, ReadOnlySpan<byte> text)
    {
        var digits = text.StartsWith("\\x"u8) ? text[2..] : text;
        var bytes = ArrayPool<byte>.Shared.Rent(digits.Length / 2 + 1);
        Convert.FromHexString(digits, bytes, out _, out var length);
        to.Write("\""u8);
        var encoded = to.GetSpan(Base64.GetMaxEncodedToUtf8Length(length));
        Base64.EncodeToUtf8(bytes.AsSpan(0, length), encoded, out _, out var written);
        to.Advance(written);
        to.Write("\""u8);
        ArrayPool<byte>.Shared.Return(bytes);
    }
}
