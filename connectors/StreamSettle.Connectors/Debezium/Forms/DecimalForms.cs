using System.Buffers.Text;
using System.Text.Json;
using StreamSettle.Kernel.Money;
using StreamSettle.Schemas.Avro.Logical;

namespace StreamSettle.Connectors.Debezium.Forms;

/// <summary>A decimal in each form that Debezium and the JSON converter give it: text, number, base64 of the unscaled digits, struct with its own scale.</summary>
internal static class DecimalForms
{
    /// <summary>Longest base64 text that is decoded at all.</summary>
    const int MaxBase64 = 256;

    /// <summary>More tens than any amount of ours has.</summary>
    const int MaxExponent = 1_000;

    /// <summary>JSON numbers and the text of doubles: <c>12.34</c>, <c>1.2E7</c>, <c>1E-7</c>; text also <c>NaN</c> and infinities.</summary>
    public static bool TryText(ReadOnlySpan<byte> text, out DecimalAmount value)
    {
        var at = text.IndexOfAny((byte)'e', (byte)'E');
        if (at <= 0 || DecimalAmount.TryParse(text, out value))
        {
            return DecimalAmount.TryParse(text, out value);
        }

        var power = text[(at + 1)..];
        var plus = power.Length > 1 && power[0] == '+' ? 1 : 0;
        if (!DecimalAmount.TryParse(text[..at], out value)
            || !Utf8Parser.TryParse(power[plus..], out int exponent, out var used) || used != power.Length - plus)
        {
            return false;
        }

        value = value.IsNumber && Math.Abs((long)exponent) <= MaxExponent ? UnscaledDecimal.Scaled(value.Unscaled, value.Scale - exponent) : DecimalAmount.NotANumber;
        return true;
    }

    /// <summary>Base64 of two's-complement big-endian digits.</summary>
    public static bool TryBase64(ReadOnlySpan<byte> text, int scale, out DecimalAmount value)
    {
        value = DecimalAmount.NotANumber;
        Span<byte> bytes = stackalloc byte[MaxBase64 * 3 / 4];
        if (text.Length > MaxBase64 || Base64.DecodeFromUtf8(text, bytes, out _, out var length) != System.Buffers.OperationStatus.Done || length == 0)
        {
            return false;
        }

        value = UnscaledDecimal.Read(bytes[..length], scale);
        return true;
    }

    /// <summary><c>{"scale":1,"value":"Dw=="}</c>, the reader standing on its beginning.</summary>
    public static bool TryStruct(ref Utf8JsonReader reader, out DecimalAmount value)
    {
        value = DecimalAmount.NotANumber;
        int? scale = null;
        Span<byte> digits = stackalloc byte[MaxBase64];
        var length = -1;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isScale = reader.ValueTextEquals("scale"u8);
            var isValue = reader.ValueTextEquals("value"u8);
            reader.Read();
            if (isScale && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var read))
            {
                scale = read;
            }
            else if (isValue && reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= MaxBase64)
            {
                length = reader.CopyString(digits);
            }
            else
            {
                return false;
            }
        }

        return scale is { } s && length >= 0 && TryBase64(digits[..length], s, out value);
    }
}
