using System.Globalization;

namespace StreamSettle.Kernel.Money;

/// <summary>A column's decimal as it came: <c>Unscaled / 10^Scale</c>, never rounded. NaN, infinities and what has more than 38 digits are not a number here.</summary>
/// <param name="Unscaled">All digits as a whole number.</param>
/// <param name="Scale">How many of the digits stand behind the point; 255 marks what is no number of ours.</param>
public readonly record struct DecimalAmount(Int128 Unscaled, byte Scale)
{
    const byte NoNumber = byte.MaxValue;
    const int MaxDigits = 38;
    const int MaxShortScale = 18;
    const int MaxLongDigits = 19;

    /// <summary>What cannot be an amount: NaN, infinity, more than 38 digits.</summary>
    public static DecimalAmount NotANumber => new(0, NoNumber);

    public bool IsNumber => Scale != NoNumber;

    /// <summary>The amount in minor units with <paramref name="digits"/> decimals; false when it is no number, not whole there, or beyond 63 bits.</summary>
    public bool TryToMinor(int digits, out long minor)
    {
        minor = 0;
        if (!IsNumber)
        {
            return false;
        }

        var value = Unscaled;
        for (var scale = (int)Scale; scale > digits; scale--)
        {
            (value, var rest) = Int128.DivRem(value, 10);
            if (rest != 0)
            {
                return false;
            }
        }

        for (var scale = (int)Scale; scale < digits && value != 0; scale++)
        {
            value *= 10;
            if (Int128.Abs(value) > long.MaxValue)
            {
                return false;
            }
        }

        if (value > long.MaxValue || value < long.MinValue)
        {
            return false;
        }

        minor = (long)value;
        return true;
    }

    /// <summary>Reads <c>[+-]digits[.digits]</c>. Text that is a decimal of too many digits, NaN or an infinity gives <see cref="NotANumber"/>.</summary>
    /// <returns>False when the text is nothing of that kind.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out DecimalAmount value)
    {
        value = NotANumber;
        if (IsSpecial(text))
        {
            return true;
        }

        var at = text.Length > 0 && text[0] is (byte)'-' or (byte)'+' ? 1 : 0;
        var negative = at == 1 && text[0] == '-';
        var (digits, significant, scale, pointSeen) = (0, 0, 0, false);
        Int128 unscaled = 0;
        for (; at < text.Length; at++)
        {
            if (text[at] == '.' && !pointSeen)
            {
                pointSeen = true;
                continue;
            }

            if (!char.IsAsciiDigit((char)text[at]))
            {
                return false;
            }

            digits++;
            scale += pointSeen ? 1 : 0;
            significant += significant > 0 || text[at] != '0' ? 1 : 0;
            unscaled = significant <= MaxDigits ? unscaled * 10 + (text[at] - '0') : unscaled;
        }

        if (digits == 0)
        {
            return false;
        }

        if (significant <= MaxDigits && scale < NoNumber)
        {
            value = new(negative ? -unscaled : unscaled, (byte)scale);
        }

        return true;
    }

    /// <summary>The decimal as PostgreSQL prints it, all digits of the scale kept.</summary>
    public override string ToString()
    {
        if (!IsNumber)
        {
            return "NaN";
        }

        if (Scale == 0 && Unscaled <= long.MaxValue && Unscaled >= long.MinValue)
        {
            return ((long)Unscaled).ToString(CultureInfo.InvariantCulture);
        }

        return Unscaled <= long.MaxValue && Unscaled > long.MinValue && Scale <= MaxShortScale ? ShortText((long)Unscaled) : LongText();
    }

    /// <summary>Of what most amounts are: the digits of a long, one string and no other.</summary>
    string ShortText(long unscaled)
    {
        Span<char> text = stackalloc char[MaxShortScale + MaxLongDigits + 3];
        var at = text.Length;
        var (left, behind) = ((ulong)Math.Abs(unscaled), (int)Scale);
        for (var written = 0; left != 0 || written <= behind; written++)
        {
            if (written == behind)
            {
                text[--at] = '.';
            }

            (left, var digit) = Math.DivRem(left, 10);
            text[--at] = (char)('0' + digit);
        }

        if (unscaled < 0)
        {
            text[--at] = '-';
        }

        return new(text[at..]);
    }

    string LongText()
    {
        var digits = Int128.Abs(Unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(Scale + 1, '0');
        var sign = Unscaled < 0 ? "-" : "";
        return Scale == 0 ? sign + digits : $"{sign}{digits[..^Scale]}.{digits[^Scale..]}";
    }

    static bool IsSpecial(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("NaN"u8) || text.SequenceEqual("NAN"u8) || text.SequenceEqual("Infinity"u8) || text.SequenceEqual("-Infinity"u8)
        || text.SequenceEqual("POSITIVE_INFINITY"u8) || text.SequenceEqual("NEGATIVE_INFINITY"u8);
}
