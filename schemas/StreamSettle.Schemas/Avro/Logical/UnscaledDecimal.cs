using System.Buffers.Binary;
using System.Globalization;
using StreamSettle.Kernel.Money;

namespace StreamSettle.Schemas.Avro.Logical;

/// <summary>A decimal's digits as two's-complement big-endian bytes: Avro's decimal, and what Connect's JSON has as base64.</summary>
public static class UnscaledDecimal
{
    /// <summary>128 bits and a sign byte: what has more that say something has more than 38 digits.</summary>
    const int MaxBytes = 17;

    static readonly Int128 Bound = Int128.Parse("100000000000000000000000000000000000000", CultureInfo.InvariantCulture);

    /// <summary>The amount; <see cref="DecimalAmount.NotANumber"/> where it has no digits or more than 38.</summary>
    /// <param name="scale">How many digits stand behind the point; below 0 as many zeros follow.</param>
    public static DecimalAmount Read(ReadOnlySpan<byte> digits, int scale)
    {
        if (digits.IsEmpty)
        {
            return DecimalAmount.NotANumber;
        }

        if (digits.Length <= sizeof(long) && scale is >= 0 and < byte.MaxValue)
        {
            return new(Small(digits), (byte)scale);
        }

        // A fixed's first bytes may only repeat the sign, which the next one then has as well.
        var sign = (byte)((sbyte)digits[0] >> 7);
        while (digits.Length > MaxBytes && digits[0] == sign && (sbyte)(digits[1] ^ sign) >= 0)
        {
            digits = digits[1..];
        }

        return digits.Length > MaxBytes ? DecimalAmount.NotANumber : Large(digits, scale);
    }

    /// <summary>The digits in as few bytes as hold them, as <see cref="Read"/> takes them.</summary>
    /// <param name="room">At least 16 bytes.</param>
    /// <returns>The part of <paramref name="room"/> that has them.</returns>
    public static ReadOnlySpan<byte> Write(Int128 unscaled, Span<byte> room)
    {
        const int all = 16;
        BinaryPrimitives.WriteInt128BigEndian(room, unscaled);
        var from = 0;
        var sign = (byte)((sbyte)room[0] >> 7);
        while (from < all - 1 && room[from] == sign && (sbyte)(room[from + 1] ^ sign) >= 0)
        {
            from++;
        }

        return room[from..all];
    }

    /// <summary>The amount with its digits moved so that its scale is 0 or more.</summary>
    public static DecimalAmount Scaled(Int128 unscaled, int scale)
    {
        for (; scale < 0 && unscaled != 0 && unscaled > -Bound && unscaled < Bound; scale++)
        {
            unscaled = unscaled > Bound / 10 || unscaled < -Bound / 10 ? Bound : unscaled * 10;
        }

        scale = Math.Max(scale, 0);
        return scale >= byte.MaxValue || unscaled >= Bound || unscaled <= -Bound ? DecimalAmount.NotANumber : new(unscaled, (byte)scale);
    }

    static long Small(ReadOnlySpan<byte> digits)
    {
        Span<byte> word = stackalloc byte[sizeof(long)];
        word.Fill((byte)((sbyte)digits[0] >> 7));
        digits.CopyTo(word[^digits.Length..]);
        return BinaryPrimitives.ReadInt64BigEndian(word);
    }

    static DecimalAmount Large(ReadOnlySpan<byte> digits, int scale)
    {
        Int128 value = (sbyte)digits[0];
        if (digits.Length == MaxBytes && digits[0] is not (0 or byte.MaxValue))
        {
            return DecimalAmount.NotANumber;
        }

        foreach (var part in digits[1..])
        {
            value = (value << 8) | part;
        }

        // With 17 bytes the first only repeats the sign; where it does not, the number had more than 128 bits.
        return digits.Length < MaxBytes || (sbyte)digits[0] < 0 == value < 0 ? Scaled(value, scale) : DecimalAmount.NotANumber;
    }
}
